import { InvalidArgumentError } from 'commander'
import { createHandler } from '../../http/handler.ts'
import { DOCUMENT_PATH, HEALTH_PATH } from '../../http/routes/server.ts'
import { startHttpServer } from '../../runtime/node/server/http-server.ts'
import { stopSignal } from '../../runtime/node/server/stop-signal.ts'
import { printServer, serverToken, TOKEN_OPTIONS } from '../bearer-token.ts'
import type { CommandSpec, OptionSpec } from '../command.ts'
import { count } from '../options.ts'

const DEFAULT_PORT = 8787

/** Parses a port. */
export function port(text: string): number {
  const number = count(text)
  if (number > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.')
  return number
}

export const PORT: OptionSpec = ['--port <port>', `port to listen on, 0 for any (default: ${DEFAULT_PORT})`, port]
export const HOST: OptionSpec = ['--host <host>', 'address to listen on (default: 127.0.0.1)']

export const serve: CommandSpec = {
  name: 'serve',
  summary: 'offer the store over HTTP until SIGTERM or SIGINT',
  options: [
    PORT,
    HOST,
    ...TOKEN_OPTIONS,
    ['--allow-host <name>', 'name of the server that requests may use besides those of loopback'],
    ['--allow-origin <origin>', 'origin whose pages may use the server, such as https://app.example'],
  ],
  examples: ['serve --storage file:learning.db', 'serve --host 0.0.0.0 --port 8080 --token-file token.txt'],
  async run(context) {
    const token = await serverToken(context)
    const origins = [context.text('allowOrigin') ?? []].flat()
    const hosts = context.text('allowHost')
    const onError = (error: unknown): void => context.terminal.printError(String(error))
    const stop = stopSignal()
    try {
      const store = await context.store('create')
      // The server checks the token.
      const handler = createHandler({
        store,
        authenticate: 'none',
        onError,
        ...(origins.length > 0 && { cors: { origins } }),
      })
      const server = await startHttpServer({
        handler,
        host: context.text('host'),
        port: context.count('port') ?? DEFAULT_PORT,
        token: token.token,
        publicPaths: [HEALTH_PATH, DOCUMENT_PATH],
        allowedOrigins: origins,
        allowedHosts: hosts === undefined ? undefined : [hosts],
        onError,
      })
      printServer(context, server.url, token)
      const signal = await stop.received
      await server.stop()
      // Within the reach of a second signal.
      await context.close()
      return { json: { url: server.url, signal }, text: '' }
    } finally {
      stop.end()
    }
  },
}
