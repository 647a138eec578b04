import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ifExists } from './durable-files.ts'
import { self } from './lease-holder.ts'

const DAY_MS = 86_400_000

/** What one observer has seen of a holder, for the next observer of the same boot. */
interface Sighting {
  readonly boot: string
  readonly signature: string
  readonly stillMs: number
  readonly atMs: number
}

/**
 * Measures by the observer's own monotonic clock how long the counter of a lease stood still. Times of two machines are
 * never compared. Openers that give up leave what they saw in `EPOCH.seen`, so that short waits add up.
 */
export class Observation {
  readonly #directory: string
  readonly #staleAfterMs: number
  #epoch = 0
  #signature = ''
  #stillMs = 0
  #atMs = 0

  constructor(directory: string, staleAfterMs: number) {
    this.#directory = directory
    this.#staleAfterMs = staleAfterMs
  }

  /** Looks at a lease file once. Returns for how many ms the counter has yet to stand still, 0 if the holder is dead. */
  async look(epoch: number, beats = ''): Promise<number> {
    // Earlier versions have no counter, but touch the file every few seconds: no clock is wrong by more than a day.
    const file = await ifExists(stat(join(this.#directory, `${epoch}.claim`)))
    if (beats === '' && file && Date.now() - file.mtimeMs > DAY_MS) return 0
    const signature = `${epoch} ${beats} ${file?.mtimeMs}`
    const nowMs = monotonicMs()
    if (this.#signature === '') await this.#resume(epoch, signature)
    const isSame = signature === this.#signature
    // A gap counts for little: the observer may have been stopped together with the holder.
    const passedMs = Math.min(Math.max(0, nowMs - this.#atMs), this.#staleAfterMs / 6)
    this.#stillMs = isSame ? this.#stillMs + passedMs : 0
    this.#epoch = epoch
    this.#signature = signature
    this.#atMs = nowMs
    return Math.max(0, this.#staleAfterMs - this.#stillMs)
  }

  /** Leaves what was seen to the next opener. */
  async save(): Promise<void> {
    const { boot } = await self()
    const seen: Sighting = { boot, signature: this.#signature, stillMs: this.#stillMs, atMs: this.#atMs }
    if (boot !== '') await writeFile(this.#file(this.#epoch), JSON.stringify(seen))
  }

  async #resume(epoch: number, signature: string): Promise<void> {
    const text = await ifExists(readFile(this.#file(epoch), 'utf8'))
    const seen = text === undefined ? undefined : parseSighting(text)
    if (seen?.signature !== signature || seen.boot !== (await self()).boot) return
    this.#signature = signature
    this.#stillMs = seen.stillMs
    this.#atMs = seen.atMs
  }

  #file(epoch: number): string {
    return join(this.#directory, `${epoch}.seen`)
  }
}

/** `performance.now` counts from the start of a process, this from the boot. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

/** Another opener may be writing the file. */
function parseSighting(text: string): Sighting | undefined {
  try {
    return JSON.parse(text) as Sighting
  } catch {
    return undefined
  }
}
