import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { StoreAccess } from '../store-access.ts'
import { mcpServer } from './mcp-server.ts'

/**
 * The streamable HTTP transport without sessions: every request is complete in itself and is answered with JSON.
 * Nothing is sent on the server's own account, so there is no stream to open with GET.
 */
export function mcpHandler(
  access: StoreAccess,
  onBug: (error: unknown) => void,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'POST') return methodNotAllowed()
    const server = mcpServer(access, onBug)
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    try {
      await server.connect(transport)
      return await transport.handleRequest(request)
    } finally {
      await server.close()
    }
  }
}

function methodNotAllowed(): Response {
  const error = { code: -32000, message: 'Method not allowed: this server has no sessions and no streams' }
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 405, headers: { allow: 'POST' } })
}
