import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../errors.ts'
import type { StoreMarker } from '../log/recovery.ts'
import { ifThere, isErrno } from './durable-files.ts'
import { type Holder, isAlive, self } from './lease-holder.ts'

/** How often a waiter looks whether the lease is free. */
const LOOK_EVERY_MS = 20
/** How often a holder shows that it lives, for those on other machines. */
const BEAT_EVERY_MS = 5_000

/** Who holds a lease, and what the store was when it was taken or given back. */
interface LeaseFile extends Holder {
  readonly held: boolean
  readonly storeMarker?: StoreMarker | undefined
}

/**
 * The right to write a storage that is a directory of files. A lease is a file `EPOCH.claim`, made in one step and so by
 * one process only; it is gone when another process has taken over.
 */
export class FileLease {
  readonly #path: string
  readonly #beat: NodeJS.Timeout
  readonly epoch: number
  /** Whether the one before was given back; if not, its writer died, or sleeps and may wake up. */
  readonly inherited: boolean
  readonly storeMarker: StoreMarker | undefined

  private constructor(path: string, epoch: number, previous: LeaseFile | undefined) {
    this.#path = path
    this.epoch = epoch
    this.inherited = previous?.held ?? false
    this.storeMarker = previous?.storeMarker
    this.#beat = setInterval(() => {
      // When the file is gone there is nothing to keep alive: the next write says LEASE_LOST.
      utimes(path, new Date(), new Date()).catch(() => clearInterval(this.#beat))
    }, BEAT_EVERY_MS).unref()
  }

  /** @param leastEpoch the lease's number is above this one. @throws LOCKED */
  static async acquire(directory: string, leastEpoch: number, lockTimeoutMs: number): Promise<FileLease> {
    const deadline = Date.now() + lockTimeoutMs
    for (;;) {
      // A holder that gives an empty storage back removes the directory too.
      await mkdir(directory, { recursive: true })
      const last = await lastLease(directory)
      const held = last?.file?.held ? last.file : undefined
      if (last && held && (await isAlive(held, join(directory, `${last.epoch}.claim`)))) {
        if (Date.now() >= deadline) throw locked(directory, last.epoch, held, await self(), lockTimeoutMs)
        await pause(Math.min(LOOK_EVERY_MS, lockTimeoutMs))
        continue
      }
      const epoch = Math.max(last?.epoch ?? 0, leastEpoch) + 1
      if (!(await make(directory, epoch, last?.file?.storeMarker))) continue
      const others = (await readdir(directory)).filter(isLease).map((name) => Number.parseInt(name, 10))
      // While this process looked, others took the lease, gave it back and removed it: the number is free again, but late.
      if (others.some((other) => other > epoch)) {
        await rm(join(directory, `${epoch}.claim`), { force: true })
        continue
      }
      // Removing the older lease is what fences its writer, so it comes before anything is read.
      for (const other of others) if (other < epoch) await rm(join(directory, `${other}.claim`), { force: true })
      return new FileLease(join(directory, `${epoch}.claim`), epoch, last?.file)
    }
  }

  /** @throws LEASE_LOST when another process has taken over. */
  async check(): Promise<void> {
    if (await ifThere(stat(this.#path))) return
    throw new StoreError('LEASE_LOST', `Expected lease ${this.epoch} to hold, but another process has taken over`)
  }

  /** Gives the lease back. The file stays and remembers the store; without a store it goes. */
  async release(storeMarker: StoreMarker | undefined): Promise<void> {
    clearInterval(this.#beat)
    if (!(await ifThere(stat(this.#path)))) return
    if (!storeMarker) return rm(this.#path, { force: true })
    try {
      await writeFile(`${this.#path}.tmp`, JSON.stringify({ ...(await self()), held: false, storeMarker }))
      await rename(`${this.#path}.tmp`, this.#path)
    } catch (error) {
      // A full disk must not keep the storage from the next writer; what the store was is then not expectedStore.
      await rm(this.#path, { force: true })
      throw error
    }
  }
}

function isLease(name: string): boolean {
  return /^\d+\.claim$/.test(name)
}

async function lastLease(directory: string): Promise<{ epoch: number; file: LeaseFile | undefined } | undefined> {
  const names = (await ifThere(readdir(directory))) ?? []
  const epochs = names.filter(isLease).map((name) => Number.parseInt(name, 10))
  if (epochs.length === 0) return undefined
  const epoch = Math.max(...epochs)
  const text = await ifThere(readFile(join(directory, `${epoch}.claim`), 'utf8'))
  return { epoch, file: text === undefined ? undefined : parseLease(text) }
}

/** Lease files are made whole by `link`; a power cut can leave an empty one, whose writer is gone for certain. */
function parseLease(text: string): LeaseFile | undefined {
  try {
    return JSON.parse(text) as LeaseFile
  } catch {
    return undefined
  }
}

/** Makes the lease file with all its bytes in one step. Answers false when another process came between. */
async function make(directory: string, epoch: number, storeMarker: StoreMarker | undefined): Promise<boolean> {
  const mine = await self()
  const temporary = join(directory, `${epoch}.${mine.pid}.${Math.trunc(performance.now() * 1000)}.claim.tmp`)
  try {
    await writeFile(temporary, JSON.stringify({ ...mine, held: true, storeMarker }))
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

function locked(
  directory: string,
  epoch: number,
  { pid, host }: LeaseFile,
  me: Holder,
  lockTimeoutMs: number,
): StoreError {
  const isOwn = pid === me.pid && host === me.host
  const holder = isOwn
    ? 'this process has it open already (pass that store on)'
    : `process ${pid} on ${host || 'an unknown machine'} has held it`
  const lease = join(directory, `${epoch}.claim`)
  return new StoreError(
    'LOCKED',
    `Expected a free storage, but ${holder} for more than ${lockTimeoutMs} ms (lease ${lease})`,
  )
}
