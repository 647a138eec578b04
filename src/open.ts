import { DecisionExpiry } from './decision-expiry.ts'
import { failedToLoad, StoreError } from './errors.ts'
import { type CommitListener, CommitListeners } from './learning/commits.ts'
import type { CoreOptions } from './learning/core/core.ts'
import { initializeIdentity, storedSequence, storeId, storeSequence } from './learning/identity.ts'
import type { LazyModuleName } from './learning/lazy-modules.ts'
import { LearningStore } from './learning/learning-store.ts'
import { LogPersister } from './persistence/log/log-persister.ts'
import { estimatedBytes } from './persistence/log/record.ts'
import type { Persister, PersisterOptions } from './persistence/persister.ts'
import { SnapshotPersister } from './persistence/snapshot-only/snapshot-persister.ts'
import type { Durability, Snapshot, SnapshotVerdict, StorageAdapter, StoredState } from './persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from './sql/check.ts'
import { Connection } from './sql/connection.ts'
import type { Engine } from './sql/engine.ts'
import { migrate, migrations, schemaVersion } from './sql/migrations.ts'
import type { Job, JobResults } from './transfer/job.ts'
import type { Tick } from './transfer/run-job.ts'

/** When a store writes snapshots, and how much may be pending. Defaults suit most programs. */
export type PersistenceOptions = Partial<
  Pick<PersisterOptions, 'snapshotAfterLogBytes' | 'snapshotAfterIdleMs' | 'maxPendingBytes'>
>

/** The options of `openStore`. */
export interface OpenStoreOptions extends CoreOptions {
  readonly engine: Engine
  readonly storage: StorageAdapter
  /**
   * What an acknowledged write survives.
   * @default 'relaxed'
   */
  readonly durability?: Durability | undefined
  /**
   * How long to wait for another writer to release the storage, in ms.
   * @default 2_000
   */
  readonly lockTimeoutMs?: number | undefined
  /** When the store writes snapshots, and how much may be pending. */
  readonly persistence?: PersistenceOptions | undefined
  /** Groups commits for this long, in ms: worthwhile where an append delays the operations that come meanwhile. */
  readonly groupCommitMs?: number | undefined
  /** Receives background work, such as this opening, for runtimes that end it with the request that began it. */
  readonly background?: PersisterOptions['background']
}

/** An open store: what a client needs. */
export interface OpenStore {
  readonly store: LearningStore
  readonly storage: StorageAdapter
  readonly durability: Durability
  /** Undefined if the storage persists nothing. */
  readonly persister: Persister | undefined
  /** Repairs made while opening, as sentences for people. */
  readonly notes: readonly string[]
  /** Runs a long operation in slices. */
  work(job: Job, tick: Tick): Promise<JobResults[Job['kind']]>
  /** Calls a watcher with the commits of each tick, not from within an operation. Returns a function that ends it. */
  watch(watcher: CommitListener): () => void
  close(): Promise<void>
}

/** The lazy modules that each long operation needs. */
const LAZY_MODULES_OF: { readonly [K in Job['kind']]: readonly LazyModuleName[] } = {
  import: ['maintenance', 'testPatterns', 'linear'],
  prune: ['maintenance', 'linear'],
  export: ['patterns'],
  snapshot: [],
  compact: [],
}

/** The number of experiences of linear models from which a snapshot is due: opening learns them again. */
const MOST_UNSTORED = 1_000

const PERSISTENCE_DEFAULTS = {
  snapshotAfterLogBytes: 1024 * 1024,
  snapshotAfterIdleMs: 2_000,
  maxPendingBytes: 64 * 1024 * 1024,
}

/** Loads the newest snapshot of a storage, replays its log, upgrades the schema, and persists commits from then on. */
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
      `Expected a storage with a log for durability "strict", got ${storage.name}`,
    )
  }
  // A snapshot that was opened to be classified is not opened again.
  const classified = new Map<Uint8Array | undefined, Connection>()
  let connection: Connection | undefined
  try {
    const stored = await storage.open({
      lockTimeoutMs,
      classify: (found, header) => classify(engine, found, header, classified),
    })
    try {
      connection = classified.get(stored.snapshot) ?? new Connection(engine, stored.snapshot)
      classified.delete(stored.snapshot)
      return await load(options, stored, durability, connection)
    } catch (error) {
      connection?.close()
      await storage.close()
      throw error
    }
  } finally {
    for (const other of classified.values()) other.close()
  }
}

async function load(
  options: OpenStoreOptions,
  stored: StoredState,
  durability: Durability,
  connection: Connection,
): Promise<OpenStore> {
  const { storage, now, newId, seed, elapsed, persistence, groupCommitMs, background } = options
  restore(connection, stored)
  const migrated = migrate(connection) > 0
  const isNew = storeId(connection) === undefined
  if (isNew) initializeIdentity(connection, newId, now)
  const store = new LearningStore(connection, { now, newId, seed, elapsed })
  const listeners = new CommitListeners()
  const watch: OpenStore['watch'] = (watcher) => listeners.add(watcher)
  const snapshot = (): Snapshot => snapshotOf(store, connection)
  const expiry = new DecisionExpiry(store, now)
  let isClosed = false
  const working =
    (writeSnapshot: () => Promise<void>): OpenStore['work'] =>
    async (job, tick) => {
      // Loaded on first use: most programs never need it.
      const loading = import('./transfer/run-job.ts').catch(failedToLoad('long operations'))
      const [{ runJob }] = await Promise.all([loading, store.lazyModules.load(...LAZY_MODULES_OF[job.kind])])
      const at = { store, connection, engine: options.engine, now, isClosed: () => isClosed, writeSnapshot }
      return runJob({ ...at, snapshot: () => snapshot().bytes, vacuum: () => connection.execute('VACUUM') }, job, tick)
    }
  if (storage.persists === 'nothing') {
    connection.onCommit = (commit) => {
      listeners.notify(commit)
      expiry.schedule()
    }
    const close = async (): Promise<void> => {
      isClosed = true
      expiry.stop()
      connection.close()
    }
    await expiry.run()
    const work = working(async () => {})
    return { store, storage, durability, persister: undefined, notes: stored.notes, work, watch, close }
  }
  const fresh = migrated || isNew || stored.wantsSnapshot ? snapshot() : undefined
  if (fresh) await storage.replace(fresh)
  // Twice: no older snapshot leads to what was created, upgraded or edited, and there must be one to fall back to.
  if (fresh && storage.persists === 'log') await storage.replace(fresh)
  const state = {
    sequence: connection.sequence,
    logBytes: fresh ? 0 : stored.commits.reduce((sum, commit) => sum + estimatedBytes(commit), 0),
    snapshotBytes: (fresh?.bytes ?? stored.snapshot)?.length ?? 0,
  }
  const persisterOptions = { ...PERSISTENCE_DEFAULTS, ...persistence, groupCommitMs, background, durability, snapshot }
  const persister: Persister =
    storage.persists === 'log'
      ? new LogPersister(storage, state, persisterOptions)
      : new SnapshotPersister(storage, state, persisterOptions)
  let isStoringModels = false
  const storeModels = (): void => {
    if (isStoringModels || (store.models?.unstored ?? 0) < MOST_UNSTORED) return
    isStoringModels = true
    const ended = (): void => {
      isStoringModels = false
    }
    // A storage that fails reports it by its status, and tries again.
    persister.snapshot().then(ended, ended)
  }
  connection.checkWritable = (statements) => persister.checkWritable(statements)
  connection.onCommit = (commit) => {
    persister.commit(commit)
    listeners.notify(commit)
    storeModels()
    expiry.schedule()
  }
  const close = async (): Promise<void> => {
    isClosed = true
    expiry.stop()
    try {
      store.settle()
    } finally {
      // The storage is released even if settling fails.
      await persister.close().finally(() => connection.close())
    }
  }
  const work = working(() => persister.snapshot())
  await expiry.run()
  return { store, storage, durability, persister, notes: stored.notes, work, watch, close }
}

function restore(connection: Connection, { snapshot, sequence, commits, isWhole }: StoredState): void {
  if (!snapshot) return
  if (!isWhole) quickCheck(connection)
  const found = schemaVersion(connection)
  if (found > migrations.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `The store has schema ${found}, and this version knows schemas up to ${migrations.length}. Update this package.`,
    )
  }
  connection.startAt(sequence ?? storedSequence(connection))
  for (const commit of commits) {
    try {
      connection.replay(commit)
    } catch (cause) {
      throw new StoreError('CORRUPT_LOG', `Record ${commit.sequence} of the log cannot be replayed: ${cause}`, {
        cause,
      })
    }
  }
}

function snapshotOf(store: LearningStore, connection: Connection): Snapshot {
  store.settle()
  store.models?.store()
  storeSequence(connection)
  return { bytes: connection.export(), sequence: connection.sequence, storeId: storeId(connection) ?? '' }
}

/**
 * SQLite counts the changes of a file in bytes 24 to 27: if the count differs from the written one, another program
 * edited the file, otherwise the bytes are damaged. https://www.sqlite.org/fileformat.html
 */
function classify(
  engine: Engine,
  found: Uint8Array,
  header: Uint8Array | undefined,
  classified: Map<Uint8Array | undefined, Connection>,
): SnapshotVerdict {
  const differing = header?.filter((byte, i) => byte !== found[i]).length ?? Number.POSITIVE_INFINITY
  if (!isSqlite(found) || !isOurs(found)) return differing <= 1 || (header && !isSqlite(found)) ? 'damaged' : 'foreign'
  if (header && [24, 25, 26, 27].every((at) => header[at] === found[at])) return 'damaged'
  let connection: Connection | undefined
  try {
    // A truncated file fails at the first pragma.
    connection = new Connection(engine, found)
    quickCheck(connection)
    classified.set(found, connection)
    return 'edited'
  } catch {
    connection?.close()
    return 'damaged'
  }
}
