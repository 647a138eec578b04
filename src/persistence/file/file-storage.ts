import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StoreError } from '../../errors.ts'
import { LogOrder } from '../log/log-order.ts'
import {
  EMPTY,
  encodeManifest,
  logOf,
  type Manifest,
  manifestOf,
  missingRecord,
  type Recovery,
  recover,
  storedStateOf,
  storeMissing,
} from '../log/recovery.ts'
import type {
  Durability,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadState,
  Snapshot,
  StorageAdapter,
  StoredState,
} from '../storage.ts'
import { fileName, namesIn, readManifests, readSegments, readSnapshot, storeWithoutManifest } from './content.ts'
import {
  coded,
  exists,
  ifExists,
  linkIfAbsent,
  removeIfEmpty,
  replaceFile,
  resolveLink,
  syncDirectory,
  writeSynced,
} from './durable-files.ts'
import { FileLease, type LeaseTimes } from './lease.ts'
import { readStoreFile } from './reader.ts'
import { FileSegment } from './segment.ts'
import { checkHasAllChanges } from './source-file.ts'

/** A change on the disk, named so that a test can stop before it. */
export type FileChange = 'append' | 'snapshot' | 'head' | 'set aside' | 'publish' | 'remove'

/** Options of `fileStorage`. */
export interface FileStorageOptions {
  /** Called before each change on the disk, which waits for it and fails with what it throws. For tests. */
  readonly beforeChange?: (change: FileChange) => void | Promise<void>
  /** The times of the lease. For tests. @internal */
  readonly lease?: LeaseTimes
}

/**
 * A storage in a file, for Node, Deno and Bun. `path` is the newest snapshot, a plain SQLite file. The directory
 * `path.log` beside it holds the manifests `G-E.head`, the log segments `G-E.log`, the previous snapshot `G-E.snapshot`
 * (G: generation, E: epoch of the lease that wrote them) and the lease `E.claim`. No two leases write to the same name,
 * so a stalled writer that wakes up cannot damage what its successor wrote.
 */
export function fileStorage(path: string, options: FileStorageOptions = {}): StorageAdapter {
  return new FileStorage(path, options)
}

class FileStorage implements StorageAdapter {
  readonly name: string
  readonly persists: Persists = 'log'
  readonly #beforeChange: (change: FileChange) => void | Promise<void>
  readonly #leaseTimes: LeaseTimes | undefined
  #path: string
  #directory = ''
  #lease: FileLease | undefined
  #segment: FileSegment | undefined
  /** Earlier segments that may not be on the disk yet. */
  readonly #finished: FileSegment[] = []
  #finishing: Promise<void> | undefined
  /** The manifest of the newest durable snapshot. */
  #manifest: Manifest | undefined
  readonly #order = new LogOrder()

  constructor(path: string, { beforeChange, lease }: FileStorageOptions) {
    this.#path = resolve(path)
    this.name = `file:${this.#path}`
    this.#beforeChange = beforeChange ?? (() => {})
    this.#leaseTimes = lease
  }

  async open({ lockTimeoutMs, classify }: OpenOptions): Promise<StoredState> {
    try {
      return await coded(`open ${this.name}`, async () => {
        this.#path = await resolveLink(this.#path)
        this.#directory = `${this.#path}.log`
        const names = await namesIn(this.#directory)
        const leastEpoch = Math.max(0, ...names.map(epochOf))
        this.#lease = await FileLease.acquire(this.#directory, leastEpoch, lockTimeoutMs, this.#leaseTimes)
        return await this.#load(classify)
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  read(options: ReadOptions): Promise<ReadState> {
    return coded(`read ${this.name}`, () => readStoreFile(this.#path, options))
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    const append = async (fresh: readonly Uint8Array[]): Promise<void> => {
      await this.#beforeChange('append')
      // Otherwise a power cut could take the end of an earlier segment and leave what follows it.
      await this.#finish()
      const { generation, after } = this.#order.segment
      this.#segment ??= new FileSegment(this.#directory, generation, after, this.#requireLease())
      await this.#segment.append(fresh, durability)
    }
    await coded(`append to the log of ${this.name}`, () => this.#order.append(records, append))
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#requireLease()
    const bytes = snapshot.bytes.slice()
    const begin = (): void => {
      if (this.#segment) this.#finished.push(this.#segment)
      this.#segment = undefined
    }
    const write = async (generation: number, log: number): Promise<void> => {
      await this.#finish()
      const manifest = await manifestOf({ ...snapshot, bytes }, generation, lease.epoch, log)
      await this.#write(manifest, bytes, lease)
      const previous = this.#manifest
      this.#manifest = manifest
      await lease.check()
      // First, so that snapshots do not accumulate if `path` cannot be replaced.
      if (previous) await this.#removeOlder(previous, manifest)
      try {
        await this.#publish(manifest, previous)
      } catch (error) {
        // A writer that has taken over may have moved the files.
        await lease.check()
        throw error
      }
    }
    await coded(`write a snapshot of ${this.name}`, () => this.#order.replace(snapshot, write, begin))
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    await coded(`close ${this.name}`, async () => {
      try {
        for (const segment of [...this.#finished, this.#segment]) await segment?.close()
      } finally {
        this.#segment = undefined
        const { storeId } = this.#manifest ?? {}
        await lease?.release(storeId === undefined ? lease.storeMarker : { storeId, sequence: this.#order.last })
        if (lease) await removeIfEmpty(this.#directory)
      }
    })
  }

  /** Syncs the earlier segments to the disk. */
  async #finish(): Promise<void> {
    const finish = async (): Promise<void> => {
      for (let next = this.#finished[0]; next; next = this.#finished[0]) {
        await next.finish()
        this.#finished.shift()
      }
    }
    this.#finishing ??= finish().finally(() => {
      this.#finishing = undefined
    })
    await this.#finishing
  }

  /** Writes a snapshot and then its manifest durably under their own names, or leaves neither. */
  async #write(manifest: Manifest, bytes: Uint8Array, lease: FileLease): Promise<void> {
    try {
      await this.#beforeChange('snapshot')
      await writeSynced(this.#own(manifest, 'snapshot'), bytes)
      await syncDirectory(this.#directory)
      await lease.check()
      await this.#beforeChange('head')
      await replaceFile(this.#own(manifest, 'head'), encodeManifest(manifest))
    } catch (error) {
      for (const kind of ['head', 'snapshot']) await rm(this.#own(manifest, kind), { force: true })
      throw error
    }
  }

  async #load(classify: OpenOptions['classify']): Promise<StoredState> {
    const names = await readdir(this.#directory)
    for (const name of names) if (/\.(tmp|seen)$/.test(name)) await rm(join(this.#directory, name), { force: true })
    const manifests = await readManifests(this.#directory, names)
    if (manifests.length === 0) return this.#withoutManifest(names, classify)
    checkHasAllChanges(this.#path)
    const segments = await readSegments(this.#directory, names, 0)
    const read = (manifest: Manifest): Promise<Uint8Array | undefined> =>
      readSnapshot(this.#path, this.#directory, manifest)
    const recovery = await recover(manifests, segments, read, classify)
    const last = recovery.commits.at(-1)?.sequence ?? recovery.manifest.sequence
    this.#order.start(Math.max(...[...manifests, ...segments].map(({ generation }) => generation)), last)
    const { storeMarker } = this.#requireLease()
    if (storeMarker && last < storeMarker.sequence) throw missingRecord(last + 1, storeMarker.sequence)
    await this.#settle(recovery, manifests)
    return storedStateOf(recovery, ` in ${this.#directory}`)
  }

  /** The storage is new, or everything in it is gone, or the file came without its directory. */
  async #withoutManifest(names: readonly string[], classify: OpenOptions['classify']): Promise<StoredState> {
    const stored = await storeWithoutManifest(this.#path, this.#directory, names, classify)
    const { storeMarker } = this.#requireLease()
    if (!stored && storeMarker) {
      throw storeMissing(storeMarker, `Remove ${this.#directory} as well to start with a new store.`)
    }
    return stored ?? EMPTY
  }

  /** Applies the result of the recovery: sets damaged snapshots aside and publishes the chosen one at `path`. */
  async #settle({ manifest, snapshot, damaged, edited }: Recovery, manifests: readonly Manifest[]): Promise<void> {
    // If the chosen snapshot still has its own name, `path` holds another one.
    const unpublished = await exists(this.#own(manifest, 'snapshot'))
    for (const bad of damaged) {
      await this.#beforeChange('set aside')
      const own = this.#own(bad, 'snapshot')
      const from = (await exists(own)) ? own : unpublished && bad === manifests.at(-1) ? this.#path : undefined
      if (from) await ifExists(rename(from, `${own}.damaged`))
      await rm(this.#own(bad, 'head'), { force: true })
    }
    if (unpublished) await this.#publish(manifest, previousOf(manifest, manifests))
    this.#manifest = manifest
    const lease = this.#requireLease()
    if (!lease.inherited && !edited) return
    // A stalled writer of the inherited lease may still write records and manifests of its own: a segment of this lease
    // ends the former, a manifest of this lease outranks the latter. And no older snapshot leads to what another
    // program edited.
    const { generation: newest, after } = this.#order.segment
    this.#segment = new FileSegment(this.#directory, newest, after, lease)
    await this.#segment.append([], 'strict')
    const { storeId, sequence, generation } = manifest
    this.#manifest = await manifestOf({ bytes: snapshot, sequence, storeId }, generation, lease.epoch, logOf(manifest))
    await replaceFile(this.#own(this.#manifest, 'head'), encodeManifest(this.#manifest))
    for (const old of manifests) if (edited || old === manifest) await rm(this.#own(old, 'head'), { force: true })
  }

  /**
   * Moves the snapshot of a durable manifest to `path`. The previous snapshot, which may still be there, keeps a name
   * of its own.
   */
  async #publish(manifest: Manifest, previous: Manifest | undefined): Promise<void> {
    await this.#beforeChange('publish')
    if (previous) await linkIfAbsent(this.#path, this.#own(previous, 'snapshot'))
    await this.#beforeChange('publish')
    await rename(this.#own(manifest, 'snapshot'), this.#path)
    await syncDirectory(this.#directory)
    await syncDirectory(dirname(this.#path))
  }

  /** Removes what neither of the two newest snapshots needs, except for what a later lease wrote. */
  async #removeOlder(previous: Manifest, manifest: Manifest): Promise<void> {
    const needed = [previous, manifest].flatMap((one) => [fileName(one, 'head'), fileName(one, 'snapshot')])
    for (const name of await readdir(this.#directory)) {
      const [, generation, epoch, kind] = /^(\d+)-(\d+)\.(head|snapshot|log)$/.exec(name) ?? []
      const older = kind === 'log' ? Number(generation) < logOf(previous) : Number(generation) < manifest.generation
      if (!kind || !older || Number(epoch) > manifest.epoch || needed.includes(name)) continue
      await this.#beforeChange('remove')
      await rm(join(this.#directory, name), { force: true })
    }
  }

  #own(manifest: Manifest, kind: string): string {
    return join(this.#directory, fileName(manifest, kind))
  }

  #requireLease(): FileLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'The storage is closed')
    return this.#lease
  }
}

/** The epoch in a file's name, 0 if there is none. */
function epochOf(name: string): number {
  return Number(/^(?:\d+-)?(\d+)\.(?:claim|head|snapshot|log)$/.exec(name)?.[1] ?? 0)
}

function previousOf(manifest: Manifest, manifests: readonly Manifest[]): Manifest | undefined {
  return manifests[manifests.indexOf(manifest) - 1]
}
