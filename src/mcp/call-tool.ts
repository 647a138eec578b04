import { StoreError, type StoreErrorCode } from '../errors.ts'
import type { StoreAccess } from './store-access.ts'
import type { Tool } from './tool.ts'

/** The result of a call of a tool, as the Model Context Protocol has it. */
export interface ToolResult {
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }]
  readonly structuredContent?: { readonly [name: string]: unknown }
  readonly isError?: true
}

/** What a model can do about an error, beyond its message. */
const REMEDIES: { readonly [code in StoreErrorCode]?: string } = {
  LOCKED:
    'Nothing was changed. Repeat the call in some seconds, or stop the other process; programs that need the store at the same time should share one MCP server over HTTP.',
  LEASE_LOST: 'Repeat the call: it opens the store again. It may have taken effect.',
  WORKER_LOST: 'Check whether the call took effect before it is repeated.',
}

/**
 * Calls a tool. Errors of the store and of the input are results that the model can read.
 * @throws any other error: a bug
 */
export async function callTool(tool: Tool, access: StoreAccess, input: unknown): Promise<ToolResult> {
  try {
    // JSON has no Infinity and no undefined.
    const text = JSON.stringify(await access.use((store) => tool.run(store, input), tool.annotations.readOnlyHint))
    return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { code, message } = error
    const sentences = [`${code}: ${message}`, REMEDIES[code]].filter(Boolean).join(' ')
    return { content: [{ type: 'text', text: sentences }], isError: true }
  }
}
