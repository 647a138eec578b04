import { once } from 'node:events'
import { Timer } from '../../persistence/timer.ts'
import { HeldStore } from '../../runtime/held-store.ts'
import { startHttpServer } from '../../runtime/node/server/http-server.ts'
import { stopSignal } from '../../runtime/node/server/stop-signal.ts'
import { printServer, serverToken, TOKEN_OPTIONS } from '../bearer-token.ts'
import type { CommandSpec, Report } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { HOST, port } from './serve.ts'

/** The path of the server over HTTP. */
const PATH = '/mcp'

const SDK = '@modelcontextprotocol/sdk'

/** Serves clients until it is asked to stop. */
interface Serving {
  readonly context: Context
  readonly held: HeldStore
  readonly onError: (error: unknown) => void
  readonly stopped: Promise<NodeJS.Signals>
}

export const mcp: CommandSpec = {
  name: 'mcp',
  summary: 'offer the store to language models over the Model Context Protocol',
  options: [
    ['--http <port>', `serve HTTP at ${PATH} on this port, 0 for any, instead of standard input and output`, port],
    HOST,
    ...TOKEN_OPTIONS,
  ],
  examples: ['mcp --storage file:learning.db', 'mcp --http 8790 --token-file token.txt'],
  async run(context) {
    const isHttp = context.count('http') !== undefined
    const isOfHttp = (context.text('host') ?? context.text('tokenFile')) !== undefined || context.isWithout('token')
    if (!isHttp && isOfHttp) throw new Failure('USAGE', 'Expected --http with --host, --token-file and --no-token')
    const { path } = context
    const lockTimeoutMs = context.count('wait')
    const onError = (error: unknown): void => context.terminal.printError(String(error))
    const held = new HeldStore({
      open: () => context.open({ storage: `file:${path}`, durability: 'strict', lockTimeoutMs }),
      openReader: () => context.open({ storage: `file:${path}`, readOnly: true }),
      releaseAfterIdleMs: 500,
      releaseAfterMs: 2_000,
      onError,
    })
    const stop = stopSignal()
    try {
      const serve = isHttp ? overHttp : overStdio
      return await serve({ context, held, onError, stopped: stop.received })
    } finally {
      await held.close()
      stop.end()
    }
  },
}

async function overStdio({ context, held, onError, stopped }: Serving): Promise<Report> {
  const { serveStdio } = await import('../../mcp/server/mcp-stdio.ts').catch(explained)
  const { stdin, stdout } = context.terminal
  const end = await serveStdio(held, { stdin, stdout }, onError)
  await Promise.race([once(stdin, 'end'), once(stdin, 'close'), stopped])
  // The last requests may not have begun.
  await new Timer().pause(0)
  await held.close()
  await end()
  // The standard output belongs to the protocol.
  return { json: undefined, text: '' }
}

async function overHttp({ context, held, onError, stopped }: Serving): Promise<Report> {
  const { mcpHandler } = await import('../../mcp/server/mcp-handler.ts').catch(explained)
  const handle = mcpHandler(held, onError)
  const token = await serverToken(context)
  const server = await startHttpServer({
    handler: async (request) =>
      new URL(request.url).pathname === PATH ? handle(request) : new Response(null, { status: 404 }),
    host: context.text('host'),
    port: context.count('http') ?? 0,
    token: token.token,
    onError,
  })
  const url = `${server.url}${PATH}`
  printServer(context, url, token)
  const signal = await stopped
  await server.stop()
  return { json: { url, signal }, text: '' }
}

/** The SDK is an optional peer dependency. */
function explained(error: unknown): never {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
  if (!isMissing || !String(error).includes(SDK)) throw error
  throw new Failure('MODULE_LOAD_FAILED', `The command mcp needs ${SDK}: npm install ${SDK}`)
}
