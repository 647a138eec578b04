import { HttpProblem } from './problem.ts'

/** The names by which programs on this machine reach a server that listens on loopback. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Whether a host to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1'].includes(host) || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Which names and pages a server answers to. */
export interface AddressCheck {
  /**
   * The names that the `host` header may have, without port, besides those of loopback. Undefined allows every name:
   * safe only where a token is required, which no page of another site knows.
   */
  readonly hosts: readonly string[] | undefined
  /** The origins of other sites whose pages may send requests. */
  readonly origins: readonly string[]
}

/**
 * Refuses requests that a page of another site sends through the user's browser: by DNS rebinding, which shows in
 * `host`, or directly, which shows in `origin`.
 * @throws HttpProblem FORBIDDEN
 */
export function checkAddress({ headers }: Request, { hosts, origins }: AddressCheck): void {
  const host = headers.get('host')
  const name = nameOf(`http://${host}`)
  if (host === null || name === undefined) {
    throw new HttpProblem('INVALID_ARGUMENT', 'Expected a host header with a name and a port')
  }
  if (hosts && !LOOPBACK.includes(name) && !hosts.includes(name)) {
    throw new HttpProblem('FORBIDDEN', `Expected a request to ${[...LOOPBACK, ...hosts].join(', ')}, got ${name}`)
  }
  const origin = headers.get('origin')
  // A proxy in front may add TLS, so the schemes can differ.
  if (origin === null || origins.includes(origin) || hostOf(origin) === hostOf(`http://${host}`)) return
  throw new HttpProblem('FORBIDDEN', 'Expected a request without origin, or from a page of this server')
}

function nameOf(url: string): string | undefined {
  return URL.canParse(url) && new URL(url).pathname === '/' ? new URL(url).hostname : undefined
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}
