import { HttpProblem } from './problem.ts'
import type { Reply } from './routes/route.ts'

/** Visible ASCII, so that every client and proxy can send it. */
const KEY = /^[!-~]{1,255}$/

/** How many keys are remembered. */
export const REMEMBERED_KEYS = 1000

interface Remembered {
  /** Of the body. */
  readonly digest: string
  readonly reply: Promise<Reply>
}

/** The key in the header `idempotency-key`. @throws HttpProblem INVALID_ARGUMENT */
export function idempotencyKey({ headers }: Request): string | undefined {
  const key = headers.get('idempotency-key') ?? undefined
  if (key === undefined || KEY.test(key)) return key
  throw new HttpProblem('INVALID_ARGUMENT', 'Expected idempotency-key to be 1 to 255 visible ASCII characters')
}

/**
 * Repeats the responses to requests that are sent again with the same key: the last thousand of this process. A request
 * that failed is performed again. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export class IdempotentReplies {
  /** Least recently used first. */
  readonly #remembered = new Map<string, Remembered>()

  /**
   * @param scope what the key belongs to: the path, and who sends it
   * @param digest of the body
   * @throws HttpProblem IDEMPOTENCY_KEY_REUSED if the body differs from that of the first request
   */
  async once(scope: string, key: string, digest: string, perform: () => Promise<Reply>): Promise<Reply> {
    const id = `${key} ${scope}`
    const known = this.#remembered.get(id)
    if (known && known.digest !== digest) {
      throw new HttpProblem('IDEMPOTENCY_KEY_REUSED', 'Expected the body that was first sent with this idempotency-key')
    }
    const entry = known ?? { digest, reply: perform() }
    this.#remembered.delete(id)
    this.#remembered.set(id, entry)
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined && this.#remembered.size > REMEMBERED_KEYS) this.#remembered.delete(oldest)
    try {
      return await entry.reply
    } catch (error) {
      if (this.#remembered.get(id) === entry) this.#remembered.delete(id)
      throw error
    }
  }
}
