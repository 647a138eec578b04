import { checkList, invalid } from '../checks.ts'
import { HttpProblem } from './problem.ts'

/** Visible ASCII without spaces, which a header can carry (RFC 6750 allows fewer characters). */
const TOKEN = /^[!-~]{1,4096}$/

/** Checks a bearer token: 1 to 4,096 visible ASCII characters without spaces. @throws INVALID_ARGUMENT */
export function checkToken(value: unknown, what: string): string {
  // A token is a secret: the message shows nothing of it.
  if (typeof value !== 'string' || !TOKEN.test(value)) {
    throw invalid(what, 'visible ASCII characters without spaces', typeof value === 'string' ? [] : value)
  }
  return value
}

/**
 * Compares the `authorization` header of requests with these tokens. The time that it takes reveals nothing about them:
 * all bytes of all digests are compared.
 * @returns the index of the token, or undefined if the header has none of them
 */
export function tokenMatcher(tokens: readonly string[]): (request: Request) => Promise<number | undefined> {
  const wanted = checkList(tokens, 'tokens').map((token) => digest(checkToken(token, 'a token')))
  return async ({ headers }) => {
    const given = await digest(/^Bearer +([!-~]+) *$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '')
    let found: number | undefined
    for (const [index, want] of (await Promise.all(wanted)).entries()) if (areEqual(want, given)) found = index
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
