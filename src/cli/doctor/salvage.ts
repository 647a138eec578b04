import { StoreError } from '../../errors.ts'
import { initializeIdentity, setStoredSequence, storedSequence, storeId } from '../../learning/identity.ts'
import { type Candidate, commitsUpToDamage, type Remains } from '../../persistence/file/remains.ts'
import { coreDefaults } from '../../runtime/defaults.ts'
import { isOurs, isSqlite, quickCheck } from '../../sql/check.ts'
import { Connection } from '../../sql/connection.ts'
import type { Engine } from '../../sql/engine.ts'
import { migrate, schemaVersion } from '../../sql/migrations.ts'
import { checkPages, checkSchema } from '../../sql/schema-check.ts'
import { copyReadableRows } from '../../tables/salvage.ts'
import { rebuildTextIndex } from '../../tables/test-pattern-text-index.ts'
import { plural } from '../terminal.ts'

/** A store restored from damaged files. */
export interface Salvaged {
  readonly bytes: Uint8Array
  /** The file that it was restored from. */
  readonly source: string
  /** What could not be restored. */
  readonly lost: readonly string[]
}

interface Restored {
  readonly candidate: Candidate
  readonly connection: Connection
}

/**
 * Restores the intact snapshot that, with the log up to its damage, has the newest commit. If none is intact, copies the readable
 * rows of the snapshot that has most of them. Undefined if nothing can be read.
 * @param copyRows copy row by row although the database opens, because its pages or its schema are damaged
 */
export function salvage(engine: Engine, remains: Remains, copyRows: boolean): Salvaged | undefined {
  const changed = copyRows ? remains.candidates.slice(0, 1).flatMap((one) => withChangedSchema(engine, one) ?? []) : []
  if (changed.length > 0) return withCopiedRows(engine, changed, remains)
  const [best] = remains.candidates
    .flatMap((candidate) => restored(engine, candidate, remains) ?? [])
    .sort(
      (a, b) =>
        b.connection.sequence - a.connection.sequence || Number(b.candidate.isExact) - Number(a.candidate.isExact),
    )
  if (!best || copyRows) {
    const from = best ? [best] : remains.candidates.flatMap((candidate) => opened(engine, candidate) ?? [])
    return withCopiedRows(engine, from, remains)
  }
  const { connection, candidate } = best
  const missing = remains.lastSequence - connection.sequence
  const lost = [
    ...(missing > 0 ? [`the last ${plural(missing, 'commit')}: damaged, or after the damage`] : []),
    ...(candidate.isExact ? [] : ['certainty: some bytes of the snapshot differ from those that were written']),
  ]
  return { bytes: finished(connection, remains), source: candidate.file, lost }
}

/** The candidate with the log after it; undefined if its pages are damaged. */
function restored(engine: Engine, candidate: Candidate, { segments, hasManifests }: Remains): Restored | undefined {
  const { bytes, manifest } = candidate
  if (!isSqlite(bytes) || !isOurs(bytes)) return undefined
  let connection: Connection | undefined
  try {
    checkPages(bytes)
    connection = new Connection(engine, bytes)
    checkSchema(connection)
    quickCheck(connection)
    const sequence = manifest?.sequence ?? storedSequence(connection)
    connection.startAt(sequence)
    // The log applies to the snapshot that was written, not to one that was edited or damaged since.
    const base = manifest ?? (hasManifests ? undefined : { generation: 0, epoch: 0, sequence })
    for (const commit of base ? commitsUpToDamage(base, segments) : []) {
      try {
        connection.replay(commit)
      } catch {
        break
      }
    }
    migrate(connection)
    return { candidate, connection }
  } catch {
    connection?.close()
    return undefined
  }
}

/** The candidate, if SQLite can open it. Its schema may be that of an attacker: only the columns of its tables may be read. */
function opened(engine: Engine, candidate: Candidate): Restored | undefined {
  let connection: Connection | undefined
  try {
    checkPages(candidate.bytes)
    connection = new Connection(engine, candidate.bytes)
    schemaVersion(connection)
    return { candidate, connection }
  } catch {
    connection?.close()
    return undefined
  }
}

/** The candidate if it is whole but for its schema; undefined otherwise. */
function withChangedSchema(engine: Engine, candidate: Candidate): Restored | undefined {
  const found = opened(engine, candidate)
  try {
    if (found) checkSchema(found.connection)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'MODIFIED_EXTERNALLY') return found
  }
  found?.connection.close()
  return undefined
}

function withCopiedRows(engine: Engine, from: readonly Restored[], remains: Remains): Salvaged | undefined {
  const tries = from.map(({ candidate, connection }) => {
    const to = new Connection(engine)
    migrate(to)
    const tables = to.transaction(() => copyReadableRows(connection, to))
    return { candidate, to, tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0) }
  })
  const best = tries.sort((a, b) => b.rows - a.rows)[0]
  if (!best || best.rows === 0) return undefined
  const { to, tables, candidate, rows } = best
  to.transaction(() => rebuildTextIndex(to))
  const lost = tables.filter(({ isWhole }) => !isWhole).map((one) => `rows of ${one.name}: ${one.rows} could be read`)
  const behind = remains.segments.some(({ content }) => content.frames.length > 0)
  const log = behind ? ['the commits in the log: they cannot be applied to a snapshot with missing rows'] : []
  return {
    bytes: finished(to, remains),
    source: `${plural(rows, 'row')} read from ${candidate.file}`,
    lost: [...lost, ...log],
  }
}

/** The numbers of lost commits are not used again: replicas identify commits by them. */
function finished(connection: Connection, { lastSequence }: Remains): Uint8Array {
  const { newId, now } = coreDefaults({ seed: 0 })
  if (storeId(connection) === undefined) initializeIdentity(connection, newId, now)
  setStoredSequence(connection, Math.max(lastSequence, storedSequence(connection), connection.sequence) + 1)
  return connection.export()
}
