import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { checkCallbacks, checkObject, checkOptions } from '../checks.ts'
import type { AsyncStore } from '../client/async-store.ts'
import { mcpHandler } from '../mcp/server/mcp-handler.ts'
import { mcpServer } from '../mcp/server/mcp-server.ts'
import { openedStore, type StoreAccess } from '../mcp/store-access.ts'
import { clientPlatform } from '../runtime/client-platform.ts'

/** The options of `createMcpServer` and `createMcpHandler`. */
export interface McpOptions {
  /** The store that models use. The caller closes it. */
  readonly store: AsyncStore
  /** Receives errors that are bugs, not answers to the model. Default: they are reported. */
  readonly onError?: (error: unknown) => void
}

/**
 * Creates a server of the Model Context Protocol over an open store. Connect it to a transport of
 * `@modelcontextprotocol/sdk`; one server serves one connection.
 *
 * @throws INVALID_ARGUMENT
 * @example
 * ```ts
 * import { Client } from '@modelcontextprotocol/sdk/client/index.js'
 * import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
 * import { openLearningStore } from 'learning-store'
 * import { createMcpServer } from 'learning-store/mcp'
 *
 * const store = await openLearningStore({ storage: 'memory:' })
 * const [here, there] = InMemoryTransport.createLinkedPair()
 * await createMcpServer({ store }).connect(there)
 * const client = new Client({ name: 'example', version: '1.0.0' })
 * await client.connect(here)
 * const { tools } = await client.listTools()
 * console.log(tools.map(({ name }) => name))
 * await client.close()
 * await store.close()
 * ```
 */
export function createMcpServer(options: McpOptions): Server {
  return mcpServer(...checked(options))
}

/**
 * Creates a handler of the streamable HTTP transport, without sessions, for any server with `Request` and `Response`.
 * It checks no token and no origin: the server in front does.
 *
 * @throws INVALID_ARGUMENT
 */
export function createMcpHandler(options: McpOptions): (request: Request) => Promise<Response> {
  return mcpHandler(...checked(options))
}

function checked(options: McpOptions): [StoreAccess, (error: unknown) => void] {
  const { store, onError = clientPlatform.report } = checkOptions(options, 'the options', ['store', 'onError'])
  checkCallbacks({ onError })
  return [openedStore(checkObject(store, 'the store')), onError]
}
