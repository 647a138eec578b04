import { notLoaded, StoreError } from './errors.ts'
import { type Watcher, Watchers } from './learning/commits.ts'
import type { CoreOptions } from './learning/core/core.ts'
import { introduce, notedSequence, noteSequence, storeId } from './learning/identity.ts'
import type { LazyModuleName } from './learning/lazy-modules.ts'
import { LearningStore } from './learning/learning-store.ts'
import { LogPersister } from './persistence/log/log-persister.ts'
import { estimatedBytes } from './persistence/log/record.ts'
import type { Persister, PersisterOptions } from './persistence/persister.ts'
import { SnapshotPersister } from './persistence/snapshot-only/snapshot-persister.ts'
import type { Durability, Snapshot, StorageAdapter, StoredState, Verdict } from './persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from './sql/check.ts'
import { Connection } from './sql/connection.ts'
import type { Engine } from './sql/engine.ts'
import { migrate, migrations, schemaVersion } from './sql/migrations.ts'
import type { Job, JobAnswers } from './transfer/job.ts'
import type { Tick } from './transfer/run-job.ts'

export interface OpenStoreOptions extends CoreOptions {
  readonly engine: Engine
  readonly storage: StorageAdapter
  readonly durability?: Durability | undefined
  /** How long to wait for another writer to give the storage back, in ms. */
  readonly lockTimeoutMs?: number | undefined
  readonly persistence?:
    | Partial<Pick<PersisterOptions, 'snapshotAfterLogBytes' | 'snapshotAfterIdleMs' | 'maxPendingBytes'>>
    | undefined
  /** As the persister's option: it pays where appends hold up the operations that come meanwhile. */
  readonly gatherMs?: number | undefined
  /** As the persister's option; opening is such work too. */
  readonly background?: PersisterOptions['background']
}

/** A store, loaded and kept: what a client needs. */
export interface OpenStore {
  readonly store: LearningStore
  readonly storage: StorageAdapter
  readonly durability: Durability
  /** Undefined where the storage keeps nothing. */
  readonly persister: Persister | undefined
  /** What was found out of order when the storage was opened, and how it was settled. */
  readonly notes: readonly string[]
  /** Does long work in slices. */
  work(job: Job, tick: Tick): Promise<JobAnswers[Job['kind']]>
  /** Tells of the commits of each tick, not from within an operation. Answers what ends it. */
  watch(watcher: Watcher): () => void
  close(): Promise<void>
}

/** What long work needs of a store beyond its core. */
const LAZY_MODULES_OF: { readonly [K in Job['kind']]: readonly LazyModuleName[] } = {
  ...{ import: ['maintenance', 'testPatterns'], prune: ['maintenance'] },
  ...{ export: ['patterns'], snapshot: [], compact: [] },
}

const PERSISTENCE_DEFAULTS = {
  snapshotAfterLogBytes: 1024 * 1024,
  snapshotAfterIdleMs: 2_000,
  maxPendingBytes: 64 * 1024 * 1024,
}

/** Loads the newest snapshot of a storage, replays its log, brings the schema up to date, and keeps what is committed from then on. */
export function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const opening = open(options)
  options.background?.(opening)
  return opening
}

async function open(options: OpenStoreOptions): Promise<OpenStore> {
  const { engine, storage, durability = 'relaxed', lockTimeoutMs = 2_000 } = options
  if (durability === 'strict' && storage.persists !== 'log') {
    throw new StoreError(
      'INVALID_ARGUMENT',
      `Expected a storage that keeps a log for durability "strict", got ${storage.name}`,
    )
  }
  // What was opened to be judged is not opened again.
  const judged = new Map<Uint8Array | undefined, Connection>()
  let connection: Connection | undefined
  try {
    const kept = await storage.open({ lockTimeoutMs, judge: (found, header) => judge(engine, found, header, judged) })
    try {
      connection = judged.get(kept.snapshot) ?? new Connection(engine, kept.snapshot)
      judged.delete(kept.snapshot)
      return await load(options, kept, durability, connection)
    } catch (error) {
      connection?.close()
      await storage.close()
      throw error
    }
  } finally {
    for (const other of judged.values()) other.close()
  }
}

async function load(
  options: OpenStoreOptions,
  kept: StoredState,
  durability: Durability,
  connection: Connection,
): Promise<OpenStore> {
  const { storage, now, newId, seed, elapsed, persistence, gatherMs, background } = options
  restore(connection, kept)
  const migrated = migrate(connection) > 0
  const isNew = storeId(connection) === undefined
  if (isNew) introduce(connection, newId, now)
  const store = new LearningStore(connection, { now, newId, seed, elapsed })
  const watchers = new Watchers()
  const watch: OpenStore['watch'] = (watcher) => watchers.add(watcher)
  const snapshot = (): Snapshot => snapshotOf(store, connection)
  let isClosed = false
  const working =
    (keep: () => Promise<void>): OpenStore['work'] =>
    async (job, tick) => {
      // Loaded when it is needed: most never do.
      const loading = import('./transfer/run-job.ts').catch((cause: unknown) => {
        throw notLoaded('long work', cause)
      })
      const [{ work }] = await Promise.all([loading, store.lazyModules.load(...LAZY_MODULES_OF[job.kind])])
      const at = { store, connection, engine: options.engine, now, isClosed: () => isClosed, keep }
      return work({ ...at, snapshot: () => snapshot().bytes, vacuum: () => connection.execute('VACUUM') }, job, tick)
    }
  if (storage.persists === 'nothing') {
    connection.onCommit = (commit) => watchers.committed(commit)
    const close = async (): Promise<void> => {
      isClosed = true
      connection.close()
    }
    const work = working(async () => {})
    return { store, storage, durability, persister: undefined, notes: kept.notes, work, watch, close }
  }
  const fresh = migrated || isNew || kept.wantsSnapshot ? snapshot() : undefined
  if (fresh) await storage.replace(fresh)
  // Twice: no older snapshot leads to what was made, migrated or edited, and there must be one to fall back on.
  if (fresh && storage.persists === 'log') await storage.replace(fresh)
  const state = {
    sequence: connection.sequence,
    logBytes: fresh ? 0 : kept.commits.reduce((sum, commit) => sum + estimatedBytes(commit), 0),
    snapshotBytes: (fresh?.bytes ?? kept.snapshot)?.length ?? 0,
  }
  const persisterOptions = { ...PERSISTENCE_DEFAULTS, ...persistence, gatherMs, background, durability, snapshot }
  const persister: Persister =
    storage.persists === 'log'
      ? new LogPersister(storage, state, persisterOptions)
      : new SnapshotPersister(storage, state, persisterOptions)
  connection.checkWritable = (statements) => persister.checkWritable(statements)
  connection.onCommit = (commit) => {
    persister.commit(commit)
    watchers.committed(commit)
  }
  const close = async (): Promise<void> => {
    isClosed = true
    try {
      store.settle()
    } finally {
      // Whatever could not be settled, the storage is given back.
      await persister.close().finally(() => connection.close())
    }
  }
  const work = working(() => persister.snapshot())
  return { store, storage, durability, persister, notes: kept.notes, work, watch, close }
}

function restore(connection: Connection, { snapshot, sequence, commits, isWhole }: StoredState): void {
  if (!snapshot) return
  if (!isWhole) quickCheck(connection)
  const found = schemaVersion(connection)
  if (found > migrations.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `Expected a store of schema ${migrations.length} or older, got schema ${found}`,
    )
  }
  connection.startAt(sequence ?? notedSequence(connection))
  for (const commit of commits) {
    try {
      connection.replay(commit)
    } catch (cause) {
      throw new StoreError('CORRUPT_LOG', `Expected record ${commit.sequence} of the log to run again`, { cause })
    }
  }
}

function snapshotOf(store: LearningStore, connection: Connection): Snapshot {
  store.settle()
  noteSequence(connection)
  return { bytes: connection.export(), sequence: connection.sequence, storeId: storeId(connection) ?? '' }
}

/**
 * SQLite counts the changes of a file in bytes 24 to 27: where the count moved on another program edited the file, where
 * it did not the bytes are damaged. https://www.sqlite.org/fileformat.html
 */
function judge(
  engine: Engine,
  found: Uint8Array,
  header: Uint8Array | undefined,
  judged: Map<Uint8Array | undefined, Connection>,
): Verdict {
  const differing = header?.filter((byte, i) => byte !== found[i]).length ?? Number.POSITIVE_INFINITY
  if (!isSqlite(found) || !isOurs(found)) return differing <= 1 || (header && !isSqlite(found)) ? 'damaged' : 'foreign'
  if (header && [24, 25, 26, 27].every((at) => header[at] === found[at])) return 'damaged'
  let connection: Connection | undefined
  try {
    // What is cut off fails at the first pragma already.
    connection = new Connection(engine, found)
    quickCheck(connection)
    judged.set(found, connection)
    return 'edited'
  } catch {
    connection?.close()
    return 'damaged'
  }
}
