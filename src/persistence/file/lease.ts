import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../errors.ts'
import type { StoreMarker } from '../log/recovery.ts'
import { ifExists, isErrno } from './durable-files.ts'
import { type Holder, isAlive, self } from './lease-holder.ts'

/** How often a waiting opener checks whether the lease is free. */
const LOOK_EVERY_MS = 20
/** How often a holder touches its lease file, for openers that cannot examine its process. */
const BEAT_EVERY_MS = 5_000

/** The content of a lease file: the holder, and the store's marker when the lease was taken or released. */
interface LeaseFile extends Holder {
  readonly held: boolean
  /** The store's marker. */
  readonly sentinel?: StoreMarker | undefined
}

/**
 * The right to write a storage in a directory of files. A lease is a file `EPOCH.claim`, created atomically by one
 * process; it is removed when another process takes over.
 */
export class FileLease {
  readonly #path: string
  readonly #beat: NodeJS.Timeout
  readonly epoch: number
  /** Whether the previous lease was not released: its writer died, or stalled and may continue. */
  readonly inherited: boolean
  readonly storeMarker: StoreMarker | undefined

  private constructor(path: string, epoch: number, previous: LeaseFile | undefined) {
    this.#path = path
    this.epoch = epoch
    this.inherited = previous?.held ?? false
    this.storeMarker = previous?.sentinel
    this.#beat = setInterval(() => {
      // If the file is gone, the next write throws LEASE_LOST.
      utimes(path, new Date(), new Date()).catch(() => clearInterval(this.#beat))
    }, BEAT_EVERY_MS).unref()
  }

  /**
   * @param leastEpoch the epoch of the new lease is greater
   * @throws LOCKED
   */
  static async acquire(directory: string, leastEpoch: number, lockTimeoutMs: number): Promise<FileLease> {
    const deadline = Date.now() + lockTimeoutMs
    for (;;) {
      // A holder that releases an empty storage removes the directory, too.
      await mkdir(directory, { recursive: true })
      const last = await lastLease(directory)
      const held = last?.file?.held ? last.file : undefined
      if (last && held && (await isAlive(held, join(directory, `${last.epoch}.claim`)))) {
        if (Date.now() >= deadline) throw locked(directory, last.epoch, held, await self(), lockTimeoutMs)
        await pause(Math.min(LOOK_EVERY_MS, lockTimeoutMs))
        continue
      }
      const epoch = Math.max(last?.epoch ?? 0, leastEpoch) + 1
      if (!(await make(directory, epoch, last?.file?.sentinel))) continue
      const others = (await readdir(directory)).filter(isLease).map((name) => Number.parseInt(name, 10))
      // Meanwhile others took the lease, released and removed it: the number is free again, but outdated.
      if (others.some((other) => other > epoch)) {
        await rm(join(directory, `${epoch}.claim`), { force: true })
        continue
      }
      // Removing the older lease fences its writer, so it comes before anything is read.
      for (const other of others) if (other < epoch) await rm(join(directory, `${other}.claim`), { force: true })
      return new FileLease(join(directory, `${epoch}.claim`), epoch, last?.file)
    }
  }

  /** @throws LEASE_LOST if another process has taken over */
  async check(): Promise<void> {
    if (await ifExists(stat(this.#path))) return
    throw new StoreError('LEASE_LOST', `Another process has taken over lease ${this.epoch}. Open the store again.`)
  }

  /** Releases the lease. The file stays and holds the store's marker; without a marker it is removed. */
  async release(storeMarker: StoreMarker | undefined): Promise<void> {
    clearInterval(this.#beat)
    if (!(await ifExists(stat(this.#path)))) return
    if (!storeMarker) return rm(this.#path, { force: true })
    try {
      await writeFile(`${this.#path}.tmp`, encodeLease({ ...(await self()), held: false, sentinel: storeMarker }))
      await rename(`${this.#path}.tmp`, this.#path)
    } catch (error) {
      // A full disk must not lock out the next writer; the marker is lost then.
      await rm(this.#path, { force: true })
      throw error
    }
  }
}

/** The store's marker as the last lease recorded it when it was taken or released. */
export async function storeMarkerIn(directory: string): Promise<StoreMarker | undefined> {
  return (await lastLease(directory))?.file?.sentinel
}

function isLease(name: string): boolean {
  return /^\d+\.claim$/.test(name)
}

async function lastLease(directory: string): Promise<{ epoch: number; file: LeaseFile | undefined } | undefined> {
  const names = (await ifExists(readdir(directory))) ?? []
  const epochs = names.filter(isLease).map((name) => Number.parseInt(name, 10))
  if (epochs.length === 0) return undefined
  const epoch = Math.max(...epochs)
  const text = await ifExists(readFile(join(directory, `${epoch}.claim`), 'utf8'))
  return { epoch, file: text === undefined ? undefined : parseLease(text) }
}

function encodeLease(file: LeaseFile): string {
  return JSON.stringify(file)
}

/** Lease files are created complete, by `link`; a power cut can leave an empty one, whose writer is certainly gone. */
function parseLease(text: string): LeaseFile | undefined {
  try {
    return JSON.parse(text) as LeaseFile
  } catch {
    return undefined
  }
}

/** Creates the complete lease file atomically. Returns false if another process was faster. */
async function make(directory: string, epoch: number, storeMarker: StoreMarker | undefined): Promise<boolean> {
  const own = await self()
  const temporary = join(directory, `${epoch}.${own.pid}.${Math.trunc(performance.now() * 1000)}.claim.tmp`)
  try {
    await writeFile(temporary, encodeLease({ ...own, held: true, sentinel: storeMarker }))
    await link(temporary, join(directory, `${epoch}.claim`))
    return true
  } catch (error) {
    // ENOENT: the other process removed this temporary file as a leftover, or the directory.
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
  own: Holder,
  lockTimeoutMs: number,
): StoreError {
  const isOwn = pid === own.pid && host === own.host
  const lease = `waited ${lockTimeoutMs} ms for lease ${join(directory, `${epoch}.claim`)}`
  return new StoreError(
    'LOCKED',
    isOwn
      ? `The store is already open in this process (${lease}). Use the open store, or close it first; modules that are loaded again keep it in globalThis (docs/frameworks.md, "Reloading code").`
      : `The store is open in process ${pid} on ${host || 'an unknown machine'} (${lease}). Close it, or raise \`lockTimeoutMs\`.`,
  )
}
