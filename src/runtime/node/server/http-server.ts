import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequestListener } from '@remix-run/node-fetch-server'
import { checkCount, invalid } from '../../../checks.ts'
import { StoreError } from '../../../errors.ts'
import { isLoopback } from '../../../http/address-check.ts'
import { checkToken } from '../../../http/bearer-token.ts'
import { guarded, type RequestHandler } from '../../../http/guarded.ts'
import { HttpProblem, problemResponse } from '../../../http/problem.ts'
import { clientPlatform } from '../../client-platform.ts'

/** The options of `startHttpServer`. */
export interface HttpServerOptions {
  /** Responds to the requests that pass the checks of the server. Their body has been read. */
  readonly handler: RequestHandler
  /**
   * The address to listen on. Every other than loopback requires a token.
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined
  /** The port to listen on; 0 for any free one. */
  readonly port: number
  /** The bearer token that every request must carry. Default: none. */
  readonly token?: string | undefined
  /** Paths that need no token, such as that of a health check. Default: none. */
  readonly publicPaths?: readonly string[] | undefined
  /** Names of the server that the `host` header may have besides those of loopback. Default: none; any for a host other than loopback. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Origins of other sites whose pages may send requests. Default: none. */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * The largest body, in bytes.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * The time in which a request must have arrived, in ms.
   * @default 30_000
   */
  readonly requestTimeoutMs?: number | undefined
  /**
   * The time that `stop` gives requests to finish, in ms; then their connections are closed.
   * @default 10_000
   */
  readonly stopTimeoutMs?: number | undefined
  /** Receives the errors that are not the client's. Default: a warning of the process. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** A server that listens. */
export interface HttpServer {
  /** Its address, such as `http://127.0.0.1:8787`. */
  readonly url: string
  /** Stops accepting connections and resolves when all requests have ended. A second call waits for the same. */
  stop(): Promise<void>
}

/**
 * Starts an HTTP server around a handler of `Request` and `Response`. It listens on loopback by default, and
 * refuses requests for other hosts and from pages of other origins, without the token, or with too large a body.
 *
 * @throws INVALID_ARGUMENT for a host other than loopback without a token, and if the port is not free
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { handler, host = '127.0.0.1', port, token, allowedHosts, onError = clientPlatform.report } = options
  const { requestTimeoutMs = 30_000, stopTimeoutMs = 10_000 } = options
  if (token !== undefined) checkToken(token, 'the token')
  else if (!isLoopback(host)) throw invalid('a token', 'given for a host other than loopback', token)
  const guard = guarded(handler, {
    hosts: allowedHosts ?? (isLoopback(host) ? [] : undefined),
    origins: options.allowedOrigins ?? [],
    token,
    publicPaths: options.publicPaths ?? [],
    maxBodyBytes: checkCount(options.maxBodyBytes ?? 1024 * 1024, 'maxBodyBytes', 1),
    onError,
  })
  const active = new Set<ServerResponse>()
  const listener = createRequestListener((request: Request) => guard(request), { onError: invalidUrl })
  const server = createServer({ requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs }, (req, res) => {
    active.add(res)
    // A connection that was made before the server stopped, and kept alive, would take further requests.
    if (!server.listening) res.setHeader('connection', 'close')
    res.once('close', () => active.delete(res))
    listener(req, res)
  })
  await listening(server, host, checkCount(port, 'port', 0))
  server.on('error', onError)
  let stopping: Promise<void> | undefined
  return {
    url: urlOf(server.address() as AddressInfo),
    stop() {
      stopping ??= stopped(server, active, stopTimeoutMs)
      return stopping
    },
  }
}

async function stopped(server: Server, active: ReadonlySet<ServerResponse>, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const response of active) if (!response.headersSent) response.setHeader('connection', 'close')
  const late = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearTimeout(late)
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const expected = `Expected a port and host to listen on, got ${port} and ${host}`
    throw new StoreError('INVALID_ARGUMENT', `${expected}: ${(cause as Error).message}`, { cause })
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Node passes request lines on of which no URL can be made. Errors of the handler do not come here. */
function invalidUrl(): Response {
  return problemResponse(new HttpProblem('INVALID_ARGUMENT', 'Expected a request with a path and a valid host header'))
}
