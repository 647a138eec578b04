import { closedError, StoreError } from '../errors.ts'
import { CommitListeners, detailedCommit } from '../learning/commits.ts'
import type { CoreOptions } from '../learning/core/core.ts'
import { setStoredSequence, storedSequence } from '../learning/identity.ts'
import { ReadOnlyStore, readOnlyError, unknownCommit } from '../learning/read-only-store.ts'
import { estimatedBytes, type RecordedCommit } from '../persistence/log/record.ts'
import type { ReadPosition, ReadState } from '../persistence/storage.ts'
import { withStorageErrors } from '../persistence/storage-error.ts'
import { Connection } from '../sql/connection.ts'
import type { Engine } from '../sql/engine.ts'
import { migrate } from '../sql/migrations.ts'
import type { Job } from '../transfer/job.ts'
import { runStoreJob } from './jobs.ts'
import type { OpenStore, OpenStoreOptions, ReaderStatus } from './open-store.ts'
import { withDatabase } from './restore.ts'

/** Whether a long operation only reads. */
const IS_READING: { readonly [K in Job['kind']]: boolean } = {
  export: true,
  snapshot: true,
  import: false,
  prune: false,
  compact: false,
}

/** Opens a store without its lease, for reading only. @throws UNSUPPORTED, and as `StorageAdapter.read` does */
export async function openReadOnly(options: OpenStoreOptions): Promise<OpenStore> {
  const { engine, storage } = options
  const readStorage = storage.read?.bind(storage)
  if (!readStorage) throw new StoreError('UNSUPPORTED', `${storage.name} cannot be opened with \`readOnly\`.`)
  const read: typeof readStorage = (from) => withStorageErrors(`read ${storage.name}`, () => readStorage(from))
  return withDatabase(
    engine,
    (classify) => read({ classify }),
    (state, connect) => new StoreReader(options, read, upgraded(connect()), state),
  )
}

/** A database with what was read. */
interface Loaded {
  readonly connection: Connection
  /** Whether the schema was upgraded, in memory only: records of the writer do not fit any more. */
  readonly isUpgraded: boolean
}

function upgraded(connection: Connection): Loaded {
  return { connection, isUpgraded: migrate(connection) > 0 }
}

/** A store that follows its writer when asked to. */
class StoreReader implements OpenStore {
  readonly storage: OpenStore['storage']
  readonly durability: OpenStore['durability']
  readonly persister = undefined
  readonly #options: OpenStoreOptions
  readonly #read: NonNullable<OpenStore['storage']['read']>
  readonly #listeners = new CommitListeners()
  readonly #jobs = new Set<Promise<unknown>>()
  #store: ReadOnlyStore
  #loaded: Loaded
  #notes: readonly string[]
  /** Undefined if the whole store has to be read again. */
  #position: ReadPosition | undefined
  #status: Pick<ReaderStatus, 'logBytes' | 'snapshotBytes' | 'writtenAt'>
  #refreshing: Promise<void> | undefined
  #refreshes = 0
  #isClosed = false

  constructor(
    options: OpenStoreOptions,
    read: NonNullable<OpenStore['storage']['read']>,
    loaded: Loaded,
    state: ReadState,
  ) {
    this.storage = options.storage
    this.durability = options.durability ?? 'relaxed'
    this.#options = options
    this.#read = read
    this.#loaded = loaded
    this.#store = new ReadOnlyStore(loaded.connection, this.#coreOptions)
    this.#notes = state.notes
    this.#position = state.position
    this.#status = {
      logBytes: sizeOf(state.commits),
      snapshotBytes: state.snapshot?.length ?? 0,
      writtenAt: timeOf(state),
    }
  }

  get store(): ReadOnlyStore {
    return this.#store
  }

  get notes(): readonly string[] {
    return this.#notes
  }

  get reader(): ReaderStatus {
    const durableSequence = this.#store.sequence
    return { state: 'clean', reason: undefined, durableSequence, pendingBytes: 0, ...this.#status }
  }

  /** Later calls see what a `refresh` before them finds. */
  ready(operations: Parameters<OpenStore['ready']>[0]): Promise<void> | undefined {
    const ready = (): Promise<void> | undefined => this.#store.lazyModules.ready(operations)
    return this.#refreshing === undefined ? ready() : this.#refreshing.then(ready)
  }

  refresh(): Promise<number> {
    const refreshed = Promise.resolve(this.#refreshing).then(() => this.#refresh(this.#position))
    const settled = refreshed
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        if (this.#refreshing === settled) this.#refreshing = undefined
      })
    this.#refreshing = settled
    return refreshed
  }

  async work(job: Job, tick: Parameters<OpenStore['work']>[1]): ReturnType<OpenStore['work']> {
    if (!IS_READING[job.kind]) throw readOnlyError(`${job.kind}`)
    const { connection } = this.#loaded
    const { engine, now } = this.#options
    const target = {
      store: this.#store,
      connection,
      engine,
      now,
      isClosed: () => this.#isClosed,
      snapshot: () => snapshotOf(engine, connection),
      writeSnapshot: async () => {},
      vacuum: () => {},
    }
    const working = runStoreJob(target, job, tick)
    this.#jobs.add(working)
    return working.finally(() => this.#jobs.delete(working))
  }

  watch(watcher: Parameters<OpenStore['watch']>[0]): () => void {
    return this.#listeners.add(watcher)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#refreshing
    this.#loaded.connection.close()
  }

  /** A generator that starts again at each refresh with the same seed would always draw the same. */
  get #coreOptions(): CoreOptions {
    const { now, newId, seed, elapsed } = this.#options
    return { now, newId, elapsed, seed: (seed + this.#refreshes++) >>> 0 }
  }

  #refresh(from: ReadPosition | undefined): Promise<number> {
    return withDatabase(
      this.#options.engine,
      (classify) => this.#read({ classify, from }),
      (state, connect) => {
        if (this.#isClosed) throw closedError()
        if (state.continues && state.commits.length > 0 && this.#loaded.isUpgraded) return this.#refresh(undefined)
        if (state.continues) this.#follow(state)
        else this.#restart(state, upgraded(connect()))
        this.#status = { ...this.#status, writtenAt: timeOf(state) }
        return this.#store.sequence
      },
    )
  }

  /** Applies the commits after those that it has. */
  #follow({ commits, position }: ReadState): void {
    if (commits.length > 0) {
      const { connection } = this.#loaded
      // In memory only: the models of the next store learn only what is new.
      this.#store.models?.store()
      this.#position = undefined
      try {
        for (const commit of commits) connection.replay(commit)
      } finally {
        this.#store = new ReadOnlyStore(connection, this.#coreOptions, this.#store)
      }
      this.#status = { ...this.#status, logBytes: this.#status.logBytes + sizeOf(commits) }
      this.#listeners.deliver(commits.map(detailedCommit))
    }
    this.#position = position
  }

  /** Replaces what it has. */
  #restart(state: ReadState, loaded: Loaded): void {
    const [earlier, { sequence }, { connection }] = [this.#position, this.#store, this.#loaded]
    this.#loaded = loaded
    this.#store = new ReadOnlyStore(loaded.connection, this.#coreOptions, this.#store)
    this.#notes = state.notes
    this.#position = state.position
    const snapshotBytes = state.snapshot?.length ?? 0
    this.#status = { logBytes: sizeOf(state.commits), snapshotBytes, writtenAt: timeOf(state) }
    void Promise.allSettled(this.#jobs).then(() => connection.close())
    // After an edit, or under another writer, the same sequence may stand for something else.
    const isSame = earlier?.epoch === state.position?.epoch && sequence === this.#store.sequence
    if (!isSame) this.#listeners.deliver([unknownCommit(this.#store.sequence)])
  }
}

/** The database as a file, which says itself how far it is. */
function snapshotOf(engine: Engine, connection: Connection): Uint8Array {
  const bytes = connection.export()
  if (storedSequence(connection) === connection.sequence) return bytes
  const copy = new Connection(engine, bytes)
  try {
    setStoredSequence(copy, connection.sequence)
    return copy.export()
  } finally {
    copy.close()
  }
}

function sizeOf(commits: readonly RecordedCommit[]): number {
  return commits.reduce((sum, commit) => sum + estimatedBytes(commit), 0)
}

function timeOf({ writtenAtMs }: ReadState): string | undefined {
  return writtenAtMs === undefined ? undefined : new Date(writtenAtMs).toISOString()
}
