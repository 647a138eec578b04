import { invalid } from '../checks.ts'
import { HttpProblem } from './problem.ts'

/** Visible ASCII, which a header can carry, with spaces in between. */
const TOKEN = /^[!-~](?:[ -~]{0,4094}[!-~])?$/

/** Checks a bearer token: 1 to 4,096 visible ASCII characters, with spaces in between. @throws INVALID_ARGUMENT */
export function checkToken(value: unknown, what: string): string {
  // A token is a secret: the message shows nothing of it.
  if (typeof value !== 'string' || !TOKEN.test(value)) {
    throw invalid(what, 'a secret of visible ASCII characters', typeof value === 'string' ? [] : value)
  }
  return value
}

/** Finds the token of a request among those that it was made with. */
export type TokenMatcher = (request: Request) => Promise<number | undefined>

/**
 * Compares the `authorization` header of requests with these tokens. The time that it takes reveals nothing about them:
 * all bytes of all digests are compared. It returns the index of the token, or undefined if the header has none of them.
 * @throws INVALID_ARGUMENT
 */
export function tokenMatcher(tokens: readonly string[]): TokenMatcher {
  const checked = tokens.map((token) => checkToken(token, 'a token'))
  let digests: Promise<Uint8Array[]> | undefined
  return async ({ headers }) => {
    // Some runtimes compute nothing before the first request.
    digests ??= Promise.all(checked.map(digest))
    const given = await digest(/^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '')
    let found: number | undefined
    for (const [index, want] of (await digests).entries()) if (areEqual(want, given)) found = index
    return found
  }
}

/** The answer to a request without a valid token. */
export function unauthorized(): HttpProblem {
  return new HttpProblem('UNAUTHORIZED', 'Expected the header authorization: Bearer TOKEN with a valid token', {
    'www-authenticate': 'Bearer',
  })
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Compares digests of the same length without stopping at the first difference. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((bits, byte, i) => bits | (byte ^ (b[i] ?? 0)), 0) === 0
}
