import { notLoaded, StoreError } from './errors.ts'
import { type Watcher, Watchers } from './learning/commits.ts'
import type { CoreOptions } from './learning/core/core.ts'
import { introduce, notedSequence, noteSequence, storeId } from './learning/identity.ts'
import type { PartName } from './learning/lazy-modules.ts'
import { LearningStore } from './learning/learning-store.ts'
import { Keeper } from './persistence/log/log-persister.ts'
import { estimatedBytes } from './persistence/log/record.ts'
import type { KeeperOptions, Keeping } from './persistence/persister.ts'
import { SnapshotKeeper } from './persistence/snapshot-only/snapshot-persister.ts'
import type { Durability, Kept, Place, Snapshot, Verdict } from './persistence/storage.ts'
import { isOurs, isSqlite, quickCheck } from './sql/check.ts'
import { Connection } from './sql/connection.ts'
import type { Engine } from './sql/engine.ts'
import { migrate, migrations, schemaVersion } from './sql/migrations.ts'
import type { Job, JobAnswers } from './transfer/job.ts'
import type { Tick } from './transfer/run-job.ts'

export interface OpenStoreOptions extends CoreOptions {
  readonly engine: Engine
  readonly place: Place
  readonly durability?: Durability | undefined
  /** How long to wait for another writer to give the place back, in ms. */
  readonly waitMs?: number | undefined
  readonly keeping?: Partial<Pick<KeeperOptions, 'logBytes' | 'idleMs' | 'backlogBytes'>> | undefined
  /** As the keeper's option: it pays where appends hold up the acts that come meanwhile. */
  readonly gatherMs?: number | undefined
  /** As the keeper's option; opening is such work too. */
  readonly background?: KeeperOptions['background']
}

/** A store, loaded and kept: what a face needs. */
export interface OpenStore {
  readonly store: LearningStore
  readonly place: Place
  readonly durability: Durability
  /** Undefined where the place keeps nothing. */
  readonly keeper: Keeping | undefined
  /** What was found out of order when the place was opened, and how it was settled. */
  readonly notes: readonly string[]
  /** Does long work in slices. */
  work(job: Job, tick: Tick): Promise<JobAnswers[Job['kind']]>
  /** Tells of the commits of each tick, not from within an act. Answers what ends it. */
  watch(watcher: Watcher): () => void
  close(): Promise<void>
}

/** What long work needs of a store beyond its core. */
const PARTS_OF: { readonly [K in Job['kind']]: readonly PartName[] } = {
  ...{ import: ['upkeep', 'patternBank'], retain: ['upkeep'] },
  ...{ export: ['patterns'], snapshot: [], compact: [] },
}

const KEEPING = { logBytes: 1024 * 1024, idleMs: 2_000, backlogBytes: 64 * 1024 * 1024 }

/** Loads the newest snapshot of a place, replays its log, brings the schema up to date, and keeps what is committed from then on. */
export function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const opening = open(options)
  options.background?.(opening)
  return opening
}

async function open(options: OpenStoreOptions): Promise<OpenStore> {
  const { engine, place, durability = 'relaxed', waitMs = 2_000 } = options
  if (durability === 'strict' && place.keeps !== 'log') {
    throw new StoreError(
      'INVALID_ARGUMENT',
      `Expected a place that keeps a log for durability "strict", got ${place.name}`,
    )
  }
  // What was opened to be judged is not opened again.
  const judged = new Map<Uint8Array | undefined, Connection>()
  let connection: Connection | undefined
  try {
    const kept = await place.open({ waitMs, judge: (found, header) => judge(engine, found, header, judged) })
    try {
      connection = judged.get(kept.snapshot) ?? new Connection(engine, kept.snapshot)
      judged.delete(kept.snapshot)
      return await load(options, kept, durability, connection)
    } catch (error) {
      connection?.close()
      await place.close()
      throw error
    }
  } finally {
    for (const other of judged.values()) other.close()
  }
}

async function load(
  options: OpenStoreOptions,
  kept: Kept,
  durability: Durability,
  connection: Connection,
): Promise<OpenStore> {
  const { place, now, newId, seed, elapsed, keeping, gatherMs, background } = options
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
      const [{ work }] = await Promise.all([loading, store.parts.load(...PARTS_OF[job.kind])])
      const at = { store, connection, engine: options.engine, now, isClosed: () => isClosed, keep }
      return work({ ...at, snapshot: () => snapshot().bytes, vacuum: () => connection.execute('VACUUM') }, job, tick)
    }
  if (place.keeps === 'nothing') {
    connection.onCommit = (commit) => watchers.committed(commit)
    const close = async (): Promise<void> => {
      isClosed = true
      connection.close()
    }
    const work = working(async () => {})
    return { store, place, durability, keeper: undefined, notes: kept.notes, work, watch, close }
  }
  const fresh = migrated || isNew || kept.wantsSnapshot ? snapshot() : undefined
  if (fresh) await place.replace(fresh)
  // Twice: no older snapshot leads to what was made, migrated or edited, and there must be one to fall back on.
  if (fresh && place.keeps === 'log') await place.replace(fresh)
  const state = {
    sequence: connection.sequence,
    logBytes: fresh ? 0 : kept.commits.reduce((sum, commit) => sum + estimatedBytes(commit), 0),
    snapshotBytes: (fresh?.bytes ?? kept.snapshot)?.length ?? 0,
  }
  const keepingOptions = { ...KEEPING, ...keeping, gatherMs, background, durability, snapshot }
  const keeper: Keeping =
    place.keeps === 'log' ? new Keeper(place, state, keepingOptions) : new SnapshotKeeper(place, state, keepingOptions)
  connection.checkWritable = (statements) => keeper.checkWritable(statements)
  connection.onCommit = (commit) => {
    keeper.commit(commit)
    watchers.committed(commit)
  }
  const close = async (): Promise<void> => {
    isClosed = true
    try {
      store.settle()
    } finally {
      // Whatever could not be settled, the place is given back.
      await keeper.close().finally(() => connection.close())
    }
  }
  const work = working(() => keeper.snapshot())
  return { store, place, durability, keeper, notes: kept.notes, work, watch, close }
}

function restore(connection: Connection, { snapshot, sequence, commits, isWhole }: Kept): void {
  if (!snapshot) return
  if (!isWhole) quickCheck(connection)
  const found = schemaVersion(connection)
  if (found > migrations.length) {
    throw new StoreError(
      'NEWER_SCHEMA',
      `Expected a store of schema ${migrations.length} or older, got schema ${found}`,
    )
  }
  connection.startAt(sequence ?? notedSequence(connection))
  for (const commit of commits) {
    try {
      connection.replay(commit)
    } catch (cause) {
      throw new StoreError('DAMAGED_LOG', `Expected record ${commit.sequence} of the log to run again`, { cause })
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
