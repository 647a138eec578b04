import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StoreError } from '../../errors.ts'
import { lastSequence } from '../log/frame.ts'
import {
  byAge,
  decodeManifest,
  EMPTY,
  encodeManifest,
  gap,
  keptOf,
  type Manifest,
  manifestOf,
  type Recovery,
  recover,
  storeMissing,
} from '../log/recovery.ts'
import type { Durability, OpenOptions, Persists, Snapshot, StorageAdapter, StoredState } from '../storage.ts'
import {
  coded,
  followed,
  ifThere,
  isThere,
  linked,
  removeIfEmpty,
  replaceFile,
  syncDirectory,
  writeSynced,
} from './durable-files.ts'
import { FileLease } from './lease.ts'
import { FileSegment, readSegment } from './segment.ts'

/** A change that a storage makes on the disk; named so that a test can stop before it. */
export type FileChange = 'append' | 'snapshot' | 'head' | 'set aside' | 'publish' | 'remove'

/** What a storage in a file can be told. */
export interface FileStorageOptions {
  /** Called before each change on the disk, which waits for it. What it throws, the change throws. */
  readonly beforeChange?: (change: FileChange) => void | Promise<void>
}

/**
 * A storage that is a file: the newest snapshot at `path`, a plain SQLite file; beside it a directory `path.log` with
 * `G-E.head`, `G-E.log`, the previous `G-E.snapshot` (G the generation, E the epoch of the lease that wrote them) and
 * `E.claim`. No two leases ever write to the same name, so a sleeper that wakes up cannot spoil what its successor wrote.
 */
export function fileStorage(path: string, options: FileStorageOptions = {}): StorageAdapter {
  return new FileStorage(path, options)
}

class FileStorage implements StorageAdapter {
  readonly name: string
  readonly persists: Persists = 'log'
  readonly #beforeChange: (change: FileChange) => void | Promise<void>
  #path: string
  #directory = ''
  #lease: FileLease | undefined
  #segment: FileSegment | undefined
  /** Segments before that one which are not yet for certain on the disk. */
  readonly #finished: FileSegment[] = []
  #finishing: Promise<void> | undefined
  /** The head of the newest snapshot that stands. */
  #head: Manifest | undefined
  #generation = 0
  #last = 0

  constructor(path: string, { beforeChange }: FileStorageOptions) {
    this.#path = resolve(path)
    this.name = `file:${this.#path}`
    this.#beforeChange = beforeChange ?? (() => {})
  }

  async open({ lockTimeoutMs, judge }: OpenOptions): Promise<StoredState> {
    try {
      return await coded(`open ${this.name}`, async () => {
        this.#path = await followed(this.#path)
        this.#directory = `${this.#path}.log`
        const names = (await ifThere(readdir(this.#directory))) ?? []
        const leastEpoch = Math.max(0, ...names.map(epochOf))
        this.#lease = await FileLease.acquire(this.#directory, leastEpoch, lockTimeoutMs)
        return await this.#load(judge)
      })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async append(records: readonly Uint8Array[], durability: Durability): Promise<void> {
    await coded(`append to the log of ${this.name}`, async () => {
      await this.#beforeChange('append')
      // A power cut must not take the end of the log before and leave what follows it.
      await this.#finish()
      this.#segment ??= new FileSegment(this.#directory, this.#generation, this.#last, this.#claimed())
      await this.#segment.append(records, durability)
      this.#last = lastSequence(records) ?? this.#last
    })
  }

  async replace(snapshot: Snapshot): Promise<void> {
    const lease = this.#claimed()
    if (this.#segment) this.#finished.push(this.#segment)
    this.#segment = undefined
    this.#last = snapshot.sequence
    const generation = ++this.#generation
    await coded(`write a snapshot of ${this.name}`, async () => {
      await this.#finish()
      const head = await manifestOf(snapshot, generation, lease.epoch)
      await this.#write(head, snapshot.bytes, lease)
      const previous = this.#head
      this.#head = head
      await lease.check()
      // First, so that snapshots do not pile up where `path` refuses to be replaced.
      if (previous) await this.#removeOlder(previous, head)
      try {
        await this.#publish(head, previous)
      } catch (error) {
        // Who has taken over may have moved the files.
        await lease.check()
        throw error
      }
    })
  }

  async close(): Promise<void> {
    const lease = this.#lease
    this.#lease = undefined
    await coded(`close ${this.name}`, async () => {
      try {
        for (const segment of [...this.#finished, this.#segment]) await segment?.close()
      } finally {
        this.#segment = undefined
        const { storeId } = this.#head ?? {}
        await lease?.release(storeId === undefined ? lease.storeMarker : { storeId, sequence: this.#last })
        if (lease) await removeIfEmpty(this.#directory)
      }
    })
  }

  /** Brings the segments before the one that is written to the disk. */
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

  /** Writes the bytes of a snapshot and then its head durably under their own names, or leaves nothing there. */
  async #write(head: Manifest, bytes: Uint8Array, lease: FileLease): Promise<void> {
    try {
      await this.#beforeChange('snapshot')
      await writeSynced(this.#own(head, 'snapshot'), bytes)
      await syncDirectory(this.#directory)
      await lease.check()
      await this.#beforeChange('head')
      await replaceFile(this.#own(head, 'head'), encodeManifest(head))
    } catch (error) {
      for (const kind of ['head', 'snapshot']) await rm(this.#own(head, kind), { force: true })
      throw error
    }
  }

  async #load(judge: OpenOptions['judge']): Promise<StoredState> {
    const names = await readdir(this.#directory)
    for (const name of names) if (name.endsWith('.tmp')) await rm(join(this.#directory, name), { force: true })
    const heads = await this.#heads(names)
    if (heads.length === 0) return this.#withoutHead(names, judge)
    const logs = names.filter((name) => name.endsWith('.log')).map((name) => join(this.#directory, name))
    const segments = (await Promise.all(logs.map(readSegment))).flatMap((segment) => segment ?? []).sort(byAge)
    const recovery = await recover(heads, segments, (head) => this.#snapshotOf(head), judge)
    this.#generation = Math.max(...[...heads, ...segments].map(({ generation }) => generation))
    this.#last = recovery.commits.at(-1)?.sequence ?? recovery.head.sequence
    const { storeMarker } = this.#claimed()
    if (storeMarker && this.#last < storeMarker.sequence) throw gap(this.#last + 1, storeMarker.sequence)
    await this.#settle(recovery, heads)
    return keptOf(recovery, ` in ${this.#directory}`)
  }

  /** Nothing was ever kept here, or all of it is gone, or a file of ours came without its directory. */
  async #withoutHead(names: readonly string[], judge: OpenOptions['judge']): Promise<StoredState> {
    const snapshot = await ifThere(readFile(this.#path))
    if (!snapshot) {
      const { storeMarker } = this.#claimed()
      if (storeMarker) throw storeMissing(storeMarker, `Remove ${this.#directory} too to start anew.`)
      return EMPTY
    }
    const verdict = judge(snapshot, undefined)
    if (verdict === 'foreign') throw foreign(this.#path)
    if (verdict === 'damaged') throw new StoreError('CORRUPT_SNAPSHOT', `Expected a whole store in ${this.#path}`)
    if (names.some((name) => /\.(head|log)$/.test(name))) {
      const remedy = `Remove ${this.#directory} to go on with the snapshot alone.`
      throw new StoreError('CORRUPT_SNAPSHOT', `Expected a whole head beside the log in ${this.#directory}. ${remedy}`)
    }
    const notes = [`${this.#path} came without its log; it was taken as it is.`]
    return { snapshot, sequence: undefined, commits: [], wantsSnapshot: true, isWhole: true, notes }
  }

  /** Brings the files into the order that the recovery found: damaged ones aside, the snapshot that counts at `path`. */
  async #settle({ head, snapshot, damaged, edited }: Recovery, heads: readonly Manifest[]): Promise<void> {
    // Where the snapshot that counts was never published, or is published no more, it is not what lies at `path`.
    const unpublished = await isThere(this.#own(head, 'snapshot'))
    for (const bad of damaged) {
      await this.#beforeChange('set aside')
      const own = this.#own(bad, 'snapshot')
      const from = (await isThere(own)) ? own : unpublished && bad === heads.at(-1) ? this.#path : undefined
      if (from) await ifThere(rename(from, `${own}.damaged`))
      await rm(this.#own(bad, 'head'), { force: true })
    }
    if (unpublished) await this.#publish(head, before(head, heads))
    this.#head = head
    const lease = this.#claimed()
    if (!lease.inherited && !edited) return
    // A sleeper of the inherited lease may still write records and heads of its own: a segment of this lease ends the
    // former, a head outranks the latter. And the older snapshots do not lead to what another program edited.
    this.#segment = new FileSegment(this.#directory, this.#generation, this.#last, lease)
    await this.#segment.append([], 'strict')
    const { storeId, sequence, generation } = head
    this.#head = await manifestOf({ bytes: snapshot, sequence, storeId }, generation, lease.epoch)
    await replaceFile(this.#own(this.#head, 'head'), encodeManifest(this.#head))
    for (const old of heads) if (edited || old === head) await rm(this.#own(old, 'head'), { force: true })
  }

  /** Moves the snapshot that a durable head names to `path`, where the one before it may still be: that keeps a name. */
  async #publish(head: Manifest, previous: Manifest | undefined): Promise<void> {
    await this.#beforeChange('publish')
    if (previous) await linked(this.#path, this.#own(previous, 'snapshot'))
    await this.#beforeChange('publish')
    await rename(this.#own(head, 'snapshot'), this.#path)
    await syncDirectory(this.#directory)
    await syncDirectory(dirname(this.#path))
  }

  /** Removes what neither of the two newest snapshots needs, and nothing that a later lease wrote. */
  async #removeOlder(previous: Manifest, head: Manifest): Promise<void> {
    const wanted = [previous, head].flatMap((kept) => [fileName(kept, 'head'), fileName(kept, 'snapshot')])
    for (const name of await readdir(this.#directory)) {
      const [, generation, epoch, kind] = /^(\d+)-(\d+)\.(head|snapshot|log)$/.exec(name) ?? []
      const older = kind === 'log' ? Number(generation) < previous.generation : Number(generation) < head.generation
      if (!kind || !older || Number(epoch) > head.epoch || wanted.includes(name)) continue
      await this.#beforeChange('remove')
      await rm(join(this.#directory, name), { force: true })
    }
  }

  async #heads(names: readonly string[]): Promise<Manifest[]> {
    const files = names.filter((name) => name.endsWith('.head')).map((name) => join(this.#directory, name))
    const bytes = await Promise.all(files.map((file) => ifThere(readFile(file))))
    return bytes.flatMap((content) => (content && decodeManifest(content)) ?? []).sort(byAge)
  }

  async #snapshotOf(head: Manifest): Promise<Uint8Array | undefined> {
    return (await ifThere(readFile(this.#own(head, 'snapshot')))) ?? (await ifThere(readFile(this.#path)))
  }

  #own(head: Manifest, kind: string): string {
    return join(this.#directory, fileName(head, kind))
  }

  #claimed(): FileLease {
    if (!this.#lease) throw new StoreError('CLOSED', 'Expected an open storage, got one that was closed')
    return this.#lease
  }
}

function fileName(
  { generation, epoch }: { readonly generation: number; readonly epoch: number },
  kind: string,
): string {
  return `${generation}-${epoch}.${kind}`
}

/** The epoch in a file's name, 0 where there is none. */
function epochOf(name: string): number {
  return Number(/^(?:\d+-)?(\d+)\.(?:lease|head|snapshot|log)$/.exec(name)?.[1] ?? 0)
}

function before(head: Manifest, heads: readonly Manifest[]): Manifest | undefined {
  return heads[heads.indexOf(head) - 1]
}

function foreign(path: string): StoreError {
  const remedy = `To take in what it holds: learning-store import ${shown(path)} --storage file:NEW.db`
  return new StoreError(
    'NOT_A_STORE',
    `Expected a store of this package in ${path}, got a file of another program. It was not changed. ${remedy}`,
  )
}

/** As a shell takes it. */
function shown(path: string): string {
  return /^[\w./:@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
