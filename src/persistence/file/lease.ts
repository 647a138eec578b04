import { link, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../errors.ts'
import type { StoreMarker } from '../log/recovery.ts'
import { ifExists, isErrno, lacksLinks, makeDirectory } from './durable-files.ts'
import { encodeWithBeats, Heartbeat } from './heartbeat.ts'
import { type Holder, livenessOf, self } from './lease-holder.ts'
import { Observation } from './lease-observation.ts'

/** How often a waiting opener checks whether the lease is free. */
const LOOK_EVERY_MS = 20
/** How long an opener competes for a lease that nobody holds, at least. */
const COMPETE_MS = 2_000

/** The times of a lease. For tests. */
export interface LeaseTimes {
  /** How often a holder increments the counter in its lease file. @default 5_000 */
  readonly beatEveryMs: number
  /** How long the counter of a holder that cannot be examined must stand still until it counts as dead. @default 30_000 */
  readonly staleAfterMs: number
}

const TIMES: LeaseTimes = { beatEveryMs: 5_000, staleAfterMs: 30_000 }

/** The content of a lease file: the holder, and the store's marker when the lease was taken or released. */
interface LeaseFile extends Holder {
  readonly held: boolean
  /** When the lease was taken, for people. */
  readonly since?: string
  /** The heartbeat counter. */
  readonly beats?: string
  /** The store's marker. */
  readonly sentinel?: StoreMarker | undefined
}

/**
 * The right to write a storage in a directory of files. A lease is a file `EPOCH.claim`, created atomically by one
 * process; it is removed when another process takes over.
 */
export class FileLease {
  readonly #path: string
  readonly #heartbeat: Heartbeat
  readonly epoch: number
  /** Whether the previous lease was not released: its writer died, or stalled and may continue. */
  readonly inherited: boolean
  readonly storeMarker: StoreMarker | undefined

  private constructor(path: string, epoch: number, previous: LeaseFile | undefined, beatEveryMs: number) {
    this.#path = path
    this.epoch = epoch
    this.inherited = previous?.held ?? false
    this.storeMarker = previous?.sentinel
    this.#heartbeat = new Heartbeat(path, beatEveryMs)
  }

  /**
   * @param leastEpoch the epoch of the new lease is greater
   * @throws LOCKED
   */
  static async acquire(
    directory: string,
    leastEpoch: number,
    lockTimeoutMs: number,
    { beatEveryMs, staleAfterMs }: LeaseTimes = TIMES,
  ): Promise<FileLease> {
    const began = performance.now()
    const observation = new Observation(directory, staleAfterMs)
    for (;;) {
      const waitedMs = performance.now() - began
      // A holder that releases an empty storage removes the directory, too.
      await makeDirectory(directory)
      const last = await lastLease(directory)
      const held = last?.file?.held ? last.file : undefined
      if (last && held) {
        const liveness = await livenessOf(held)
        const needsMs = liveness === 'unknown' ? await observation.look(last.epoch, held.beats) : undefined
        if (liveness === 'alive' || (needsMs !== undefined && needsMs > 0)) {
          if (waitedMs >= lockTimeoutMs) {
            if (needsMs !== undefined) await observation.save()
            throw locked(join(directory, `${last.epoch}.claim`), held, await self(), lockTimeoutMs, needsMs)
          }
          await pause(Math.min(LOOK_EVERY_MS, lockTimeoutMs))
          continue
        }
      }
      const epoch = Math.max(last?.epoch ?? 0, leastEpoch) + 1
      if (!(await make(directory, epoch, last?.file?.sentinel))) {
        if (waitedMs < Math.max(lockTimeoutMs, COMPETE_MS)) continue
        throw new StoreError('STORAGE_ERROR', `No lease can be created in ${directory} within ${lockTimeoutMs} ms.`)
      }
      const others = (await readdir(directory)).filter(isLease).map((name) => Number.parseInt(name, 10))
      // Meanwhile others took the lease, released and removed it: the number is free again, but outdated. Or another
      // found the file incomplete and removed it.
      if (!others.includes(epoch) || others.some((other) => other > epoch)) {
        await rm(join(directory, `${epoch}.claim`), { force: true })
        continue
      }
      // Removing the older lease fences its writer, so it comes before anything is read.
      for (const other of others) if (other < epoch) await rm(join(directory, `${other}.claim`), { force: true })
      return new FileLease(join(directory, `${epoch}.claim`), epoch, last?.file, beatEveryMs)
    }
  }

  /** @throws LEASE_LOST if another process has taken over */
  async check(): Promise<void> {
    if (await ifExists(stat(this.#path))) return
    throw new StoreError('LEASE_LOST', `Another process has taken over lease ${this.epoch}. Open the store again.`)
  }

  /** Releases the lease. The file stays and holds the store's marker; without a marker it is removed. */
  async release(storeMarker: StoreMarker | undefined): Promise<void> {
    await this.#heartbeat.stop()
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
  const path = join(directory, `${epoch}.claim`)
  const temporary = join(directory, `${epoch}.${own.pid}.${Math.trunc(performance.now() * 1000)}.claim.tmp`)
  const file: LeaseFile = { ...own, held: true, sentinel: storeMarker, since: new Date().toISOString() }
  const text = encodeWithBeats(file)
  try {
    await writeFile(temporary, text)
    await link(temporary, path).catch(async (error: unknown) => {
      if (!lacksLinks(error)) throw error
      // Another opener may find the file incomplete and remove it; this one notices that.
      await writeFile(path, text, { flag: 'wx' })
    })
    return true
  } catch (error) {
    // ENOENT: the other process removed this temporary file as a leftover, or the directory.
    if (isErrno(error, 'EEXIST') || isErrno(error, 'ENOENT')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** @param needsMs how long a holder that cannot be examined has yet to be observed */
function locked(
  path: string,
  { pid, host, machine = host, boot, namespace = '', since }: LeaseFile,
  own: Holder,
  lockTimeoutMs: number,
  needsMs: number | undefined,
): StoreError {
  const isOwn = pid === own.pid && machine === own.machine && boot === own.boot && namespace === own.namespace
  const lease = `waited ${lockTimeoutMs} ms for lease ${path}`
  if (isOwn && needsMs === undefined) {
    return new StoreError(
      'LOCKED',
      `The store is already open in this process (${lease}). Use the open store, or close it first; modules that are loaded again keep it in globalThis (docs/frameworks.md, "Reloading code").`,
    )
  }
  const details = [namespace, since === undefined ? '' : `since ${since}`].filter((text) => text !== '').join(', ')
  const who = `process ${pid} on ${machine || 'an unknown machine'}${details && ` (${details})`}`
  const remedy =
    needsMs === undefined
      ? 'Close it, or raise `lockTimeoutMs`.'
      : `This process cannot examine it: if it is dead, opening with \`lockTimeoutMs: ${lockTimeoutMs + Math.ceil(needsMs / 1_000) * 1_000 + 5_000}\` takes over.`
  return new StoreError('LOCKED', `The store is open in ${who} (${lease}). ${remedy}`)
}
