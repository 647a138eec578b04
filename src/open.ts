import { failedToLoad, StoreError } from './errors.ts'
import { CommitListeners } from './learning/commits.ts'
import { initializeIdentity, storeId, storeSequence } from './learning/identity.ts'
import { LearningStore } from './learning/learning-store.ts'
import { DecisionExpiry } from './open/decision-expiry.ts'
import { runStoreJob } from './open/jobs.ts'
import type { OpenStore, OpenStoreOptions } from './open/open-store.ts'
import { withDatabase } from './open/restore.ts'
import { releaseStorage } from './persistence/closing.ts'
import { LogPersister } from './persistence/log/log-persister.ts'
import { estimatedBytes } from './persistence/log/record.ts'
import type { Persister } from './persistence/persister.ts'
import { SnapshotPersister } from './persistence/snapshot-only/snapshot-persister.ts'
import type { Durability, Snapshot, StoredState } from './persistence/storage.ts'
import { withStorageErrors } from './persistence/storage-error.ts'
import type { Connection } from './sql/connection.ts'
import { migrate } from './sql/migrations.ts'

export type { OpenStore, OpenStoreOptions, PersistenceOptions } from './open/open-store.ts'

/** The number of experiences of linear models from which a snapshot is due: opening learns them again. */
const MOST_UNSTORED = 1_000

const PERSISTENCE_DEFAULTS = {
  snapshotAfterLogBytes: 1024 * 1024,
  snapshotAfterIdleMs: 2_000,
  maxPendingBytes: 64 * 1024 * 1024,
}

/**
 * Loads the newest snapshot of a storage, replays its log, upgrades the schema, and persists commits from then on; with
 * `readOnly`, changes nothing.
 */
export function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const opening = options.readOnly ? openReader(options) : open(options)
  options.background?.(opening)
  return opening
}

/** Loaded on first use: most programs write. */
async function openReader(options: OpenStoreOptions): Promise<OpenStore> {
  const { openReadOnly } = await import('./open/read-only.ts').catch(failedToLoad('read-only stores'))
  return openReadOnly(options)
}

async function open(options: OpenStoreOptions): Promise<OpenStore> {
  const { engine, storage, durability = 'relaxed', lockTimeoutMs = 2_000 } = options
  if (durability === 'strict' && storage.persists !== 'log') {
    throw new StoreError(
      'INVALID_ARGUMENT',
      `Expected a storage with a log for durability "strict", got ${storage.name}`,
    )
  }
  return withDatabase(
    engine,
    (classify) => withStorageErrors(`open ${storage.name}`, () => storage.open({ lockTimeoutMs, classify })),
    async (stored, connect) => {
      try {
        return await load(options, stored, durability, connect())
      } catch (error) {
        // What kept the store from opening is more than that the storage was not released.
        await releaseStorage(storage).catch(() => {})
        throw error
      }
    },
  )
}

async function load(
  options: OpenStoreOptions,
  stored: StoredState,
  durability: Durability,
  connection: Connection,
): Promise<OpenStore> {
  const { storage, now, newId, seed, elapsed, persistence, groupCommitMs, background } = options
  const migrated = migrate(connection) > 0
  const isNew = storeId(connection) === undefined
  if (isNew) initializeIdentity(connection, newId, now)
  const store = new LearningStore(connection, { now, newId, seed, elapsed })
  const listeners = new CommitListeners()
  const snapshot = (): Snapshot => snapshotOf(store, connection)
  const expiry = new DecisionExpiry(store, now)
  let isClosed = false
  const working =
    (writeSnapshot: () => Promise<void>): OpenStore['work'] =>
    (job, tick) => {
      const at = { store, connection, engine: options.engine, now, isClosed: () => isClosed, writeSnapshot }
      const bytes = (): Uint8Array => snapshot().bytes
      return runStoreJob({ ...at, snapshot: bytes, vacuum: () => connection.execute('VACUUM') }, job, tick)
    }
  const common = {
    store,
    storage,
    durability,
    reader: undefined,
    notes: stored.notes,
    ready: (operations) => store.lazyModules.ready(operations),
    refresh: async () => store.sequence,
    watch: (watcher) => listeners.add(watcher),
  } satisfies Partial<OpenStore>
  if (storage.persists === 'nothing') {
    connection.onCommit = (commit) => {
      listeners.notify(commit)
      expiry.schedule()
    }
    const close = async (): Promise<void> => {
      isClosed = true
      expiry.stop()
      connection.close()
      await releaseStorage(storage)
    }
    await expiry.run()
    const work = working(async () => {})
    return { ...common, persister: undefined, work, close }
  }
  const fresh = migrated || isNew || stored.wantsSnapshot ? snapshot() : undefined
  const replace = (image: Snapshot): Promise<void> =>
    withStorageErrors(`write a snapshot of ${storage.name}`, () => storage.replace(image))
  if (fresh) await replace(fresh)
  // Twice: no older snapshot leads to what was created, upgraded or edited, and there must be one to fall back to.
  if (fresh && storage.persists === 'log') await replace(fresh)
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
  return { ...common, persister, work, close }
}

function snapshotOf(store: LearningStore, connection: Connection): Snapshot {
  store.settle()
  store.models?.store()
  storeSequence(connection)
  return { bytes: connection.export(), sequence: connection.sequence, storeId: storeId(connection) ?? '' }
}
