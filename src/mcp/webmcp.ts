import { checkObject, checkOptions, invalid } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { abortedError, StoreError } from '../errors.ts'
import { callTool, type ToolResult } from './call-tool.ts'
import type { ObjectSchema } from './json-schema.ts'
import { openedStore } from './store-access.ts'
import { TOOLS } from './tools.ts'

/**
 * The used part of the WebMCP draft (https://webmachinelearning.github.io/webmcp), as Chromium 156 has it. Only this
 * file knows the draft.
 */
interface ModelContext {
  /** Rejects if there is a tool with this name. */
  registerTool(tool: PageTool, options: { readonly signal: AbortSignal }): Promise<void>
}

interface PageTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: ObjectSchema
  readonly annotations: { readonly readOnlyHint: boolean; readonly untrustedContentHint: boolean }
  readonly execute: (input: unknown) => Promise<ToolResult>
}

/** Options of `registerTools`. */
export interface RegisterToolsOptions {
  /** Removes the tools when it is aborted. Default: they stay as long as the page. */
  readonly signal?: AbortSignal
}

/**
 * Offers the tools of a store to the browser's agent through WebMCP, an experimental interface of pages. Results with
 * text that was stored by others are marked as untrusted content.
 *
 * @throws UNSUPPORTED if the browser has no WebMCP
 * @throws INVALID_ARGUMENT if the page has a tool of the same name; then none is registered
 * @throws ABORTED
 */
export async function registerTools(store: AsyncStore, options: RegisterToolsOptions = {}): Promise<void> {
  checkObject(store, 'the store')
  const { signal } = checkOptions(options, 'the options', ['signal'])
  if (signal?.aborted) throw abortedError()
  const context = modelContext()
  const registered = new AbortController()
  signal?.addEventListener('abort', () => registered.abort(), { once: true })
  const access = openedStore(store)
  try {
    for (const tool of TOOLS) {
      const { name, title, description, inputSchema, annotations, returnsStoredText } = tool
      const { readOnlyHint } = annotations
      const pageTool = {
        name,
        title,
        description,
        inputSchema,
        annotations: { readOnlyHint, untrustedContentHint: returnsStoredText },
        execute: (input: unknown) => callTool(tool, access, input),
      }
      await context.registerTool(pageTool, { signal: registered.signal })
    }
  } catch (cause) {
    registered.abort()
    throw signal?.aborted ? abortedError() : invalid('the page', 'one without tools of these names', String(cause))
  }
}

/** @throws UNSUPPORTED */
function modelContext(): ModelContext {
  const page = globalThis.document as (Document & { readonly modelContext?: ModelContext }) | undefined
  if (page?.modelContext) return page.modelContext
  throw new StoreError('UNSUPPORTED', 'Expected a browser with WebMCP (document.modelContext), got one without it')
}
