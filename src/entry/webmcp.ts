export { type RegisterToolsOptions, registerTools } from '../mcp/webmcp.ts'
