import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../errors.ts'
import type { Sentinel } from '../log/recovery.ts'
import { ifThere, isErrno } from './durable-files.ts'
import { type Holder, isAlive, self } from './lease-holder.ts'

/** How often a waiter looks whether the claim is free. */
const LOOK_EVERY_MS = 20
/** How often a holder shows that it lives, for those on other machines. */
const BEAT_EVERY_MS = 5_000

/** Who holds a claim, and what the store was when it was taken or given back. */
interface ClaimFile extends Holder {
  readonly held: boolean
  readonly sentinel?: Sentinel | undefined
}

/**
 * The right to write a place that is a directory of files. A claim is a file `EPOCH.claim`, made in one step and so by
 * one process only; it is gone when another process has taken over.
 */
export class FileClaim {
  readonly #path: string
  readonly #beat: NodeJS.Timeout
  readonly epoch: number
  /** Whether the one before was given back; if not, its writer died, or sleeps and may wake up. */
  readonly inherited: boolean
  readonly sentinel: Sentinel | undefined

  private constructor(path: string, epoch: number, previous: ClaimFile | undefined) {
    this.#path = path
    this.epoch = epoch
    this.inherited = previous?.held ?? false
    this.sentinel = previous?.sentinel
    this.#beat = setInterval(() => {
      // When the file is gone there is nothing to keep alive: the next write says CLAIM_LOST.
      utimes(path, new Date(), new Date()).catch(() => clearInterval(this.#beat))
    }, BEAT_EVERY_MS).unref()
  }

  /** @param leastEpoch the claim's number is above this one. @throws LOCKED */
  static async acquire(directory: string, leastEpoch: number, waitMs: number): Promise<FileClaim> {
    const deadline = Date.now() + waitMs
    for (;;) {
      // A holder that gives an empty place back removes the directory too.
      await mkdir(directory, { recursive: true })
      const last = await lastClaim(directory)
      const held = last?.file?.held ? last.file : undefined
      if (last && held && (await isAlive(held, join(directory, `${last.epoch}.claim`)))) {
        if (Date.now() >= deadline) throw locked(directory, last.epoch, held, await self(), waitMs)
        await pause(Math.min(LOOK_EVERY_MS, waitMs))
        continue
      }
      const epoch = Math.max(last?.epoch ?? 0, leastEpoch) + 1
      if (!(await make(directory, epoch, last?.file?.sentinel))) continue
      const others = (await readdir(directory)).filter(isClaim).map((name) => Number.parseInt(name, 10))
      // While this process looked, others took the claim, gave it back and removed it: the number is free again, but late.
      if (others.some((other) => other > epoch)) {
        await rm(join(directory, `${epoch}.claim`), { force: true })
        continue
      }
      // Removing the older claim is what fences its writer, so it comes before anything is read.
      for (const other of others) if (other < epoch) await rm(join(directory, `${other}.claim`), { force: true })
      return new FileClaim(join(directory, `${epoch}.claim`), epoch, last?.file)
    }
  }

  /** @throws CLAIM_LOST when another process has taken over. */
  async check(): Promise<void> {
    if (await ifThere(stat(this.#path))) return
    throw new StoreError('CLAIM_LOST', `Expected claim ${this.epoch} to hold, but another process has taken over`)
  }

  /** Gives the claim back. The file stays and remembers the store; without a store it goes. */
  async release(sentinel: Sentinel | undefined): Promise<void> {
    clearInterval(this.#beat)
    if (!(await ifThere(stat(this.#path)))) return
    if (!sentinel) return rm(this.#path, { force: true })
    try {
      await writeFile(`${this.#path}.tmp`, JSON.stringify({ ...(await self()), held: false, sentinel }))
      await rename(`${this.#path}.tmp`, this.#path)
    } catch (error) {
      // A full disk must not keep the place from the next writer; what the store was is then not remembered.
      await rm(this.#path, { force: true })
      throw error
    }
  }
}

function isClaim(name: string): boolean {
  return /^\d+\.claim$/.test(name)
}

async function lastClaim(directory: string): Promise<{ epoch: number; file: ClaimFile | undefined } | undefined> {
  const names = (await ifThere(readdir(directory))) ?? []
  const epochs = names.filter(isClaim).map((name) => Number.parseInt(name, 10))
  if (epochs.length === 0) return undefined
  const epoch = Math.max(...epochs)
  const text = await ifThere(readFile(join(directory, `${epoch}.claim`), 'utf8'))
  return { epoch, file: text === undefined ? undefined : parseClaim(text) }
}

/** Claim files are made whole by `link`; a power cut can leave an empty one, whose writer is gone for certain. */
function parseClaim(text: string): ClaimFile | undefined {
  try {
    return JSON.parse(text) as ClaimFile
  } catch {
    return undefined
  }
}

/** Makes the claim file with all its bytes in one step. Answers false when another process came between. */
async function make(directory: string, epoch: number, sentinel: Sentinel | undefined): Promise<boolean> {
  const mine = await self()
  const temporary = join(directory, `${epoch}.${mine.pid}.${Math.trunc(performance.now() * 1000)}.claim.tmp`)
  try {
    await writeFile(temporary, JSON.stringify({ ...mine, held: true, sentinel }))
    await link(temporary, join(directory, `${epoch}.claim`))
    return true
  } catch (error) {
    // ENOENT: it removed our temporary file with all that are left over, or the directory.
    if (isErrno(error, 'EEXIST') || isErrno(error, 'ENOENT')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

function locked(directory: string, epoch: number, { pid, host }: ClaimFile, me: Holder, waitMs: number): StoreError {
  const isOwn = pid === me.pid && host === me.host
  const holder = isOwn
    ? 'this process has it open already (pass that store on)'
    : `process ${pid} on ${host || 'an unknown machine'} has held it`
  const claim = join(directory, `${epoch}.claim`)
  return new StoreError('LOCKED', `Expected a free place, but ${holder} for more than ${waitMs} ms (claim ${claim})`)
}
