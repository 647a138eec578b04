import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { StoreAccess } from '../store-access.ts'
import { mcpServer } from './mcp-server.ts'

type Streams = ConstructorParameters<typeof StdioServerTransport>

/** Serves one client over the standard input and output of the process. @returns a function that ends it */
export async function serveStdio(
  access: StoreAccess,
  streams: { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream },
  onBug: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const server = mcpServer(access, onBug)
  await server.connect(new StdioServerTransport(streams.stdin as Streams[0], streams.stdout as Streams[1]))
  return () => server.close()
}
