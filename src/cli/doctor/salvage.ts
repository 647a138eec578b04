import { introduce, notedSequence, setNotedSequence, storeId } from '../../learning/identity.ts'
import { type Candidate, commitsUpToDamage, type Remains } from '../../persistence/file/remains.ts'
import { coreDefaults } from '../../runtime/defaults.ts'
import { isOurs, isSqlite, quickCheck } from '../../sql/check.ts'
import { Connection } from '../../sql/connection.ts'
import type { Engine } from '../../sql/engine.ts'
import { migrate, schemaVersion } from '../../sql/migrations.ts'
import { copyReadableRows } from '../../tables/salvage.ts'
import { rebuildTextIndex } from '../../tables/test-pattern-text-index.ts'
import { plural } from '../terminal.ts'

/** A store made of what is left of one. */
export interface Salvaged {
  readonly bytes: Uint8Array
  /** What it was made of. */
  readonly source: string
  /** What is not in it. */
  readonly lost: readonly string[]
}

interface Restored {
  readonly candidate: Candidate
  readonly connection: Connection
}

/**
 * The whole snapshot that leads furthest with the log up to its damage; where none is whole, all rows that can be read of
 * the one that has most of them. Undefined where nothing can be read.
 * @param fresh whether to copy row by row although the database opens: its pages or its schema are not sound.
 */
export function salvage(engine: Engine, remains: Remains, fresh: boolean): Salvaged | undefined {
  const [best] = remains.candidates
    .flatMap((candidate) => restored(engine, candidate, remains) ?? [])
    .sort(
      (a, b) =>
        b.connection.sequence - a.connection.sequence || Number(b.candidate.isExact) - Number(a.candidate.isExact),
    )
  if (!best || fresh) {
    const from = best ? [best] : remains.candidates.flatMap((candidate) => opened(engine, candidate) ?? [])
    return copiedRows(engine, from, remains)
  }
  const { connection, candidate } = best
  const missing = remains.lastSequence - connection.sequence
  const lost = [
    ...(missing > 0 ? [`the last ${plural(missing, 'commit')}, damaged or after damage`] : []),
    ...(candidate.isExact ? [] : ['certainty: some bytes of the snapshot are not those that were written']),
  ]
  return { bytes: finished(connection, remains), source: candidate.file, lost }
}

/** The candidate with the log after it, where its pages are whole. */
function restored(engine: Engine, candidate: Candidate, { segments, hasHeads }: Remains): Restored | undefined {
  const { bytes, head } = candidate
  if (!isSqlite(bytes) || !isOurs(bytes)) return undefined
  const connection = new Connection(engine, bytes)
  try {
    quickCheck(connection)
    const sequence = head?.sequence ?? notedSequence(connection)
    connection.startAt(sequence)
    // The log follows what was written, not what another program or a damage made of it.
    const follows = head ?? (hasHeads ? undefined : { generation: 0, epoch: 0, sequence })
    for (const commit of follows ? commitsUpToDamage(follows, segments) : []) {
      try {
        connection.replay(commit)
      } catch {
        break
      }
    }
    migrate(connection)
    return { candidate, connection }
  } catch {
    connection.close()
    return undefined
  }
}

/** The candidate as far as it can be opened at all. */
function opened(engine: Engine, candidate: Candidate): Restored | undefined {
  let connection: Connection | undefined
  try {
    connection = new Connection(engine, candidate.bytes)
    schemaVersion(connection)
    return { candidate, connection }
  } catch {
    connection?.close()
    return undefined
  }
}

function copiedRows(engine: Engine, from: readonly Restored[], remains: Remains): Salvaged | undefined {
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
  const lost = tables.filter(({ isWhole }) => !isWhole).map((one) => `rows of ${one.name}; ${one.rows} were read`)
  const behind = remains.segments.some(({ content }) => content.frames.length > 0)
  const log = behind ? ['what the log has beyond this snapshot, which cannot follow rows that are missing'] : []
  return {
    bytes: finished(to, remains),
    source: `${plural(rows, 'row')} read from ${candidate.file}`,
    lost: [...lost, ...log],
  }
}

/** No number of a commit that was lost is used again: replicas know commits by it. */
function finished(connection: Connection, { lastSequence }: Remains): Uint8Array {
  const { newId, now } = coreDefaults({ seed: 0 })
  if (storeId(connection) === undefined) introduce(connection, newId, now)
  setNotedSequence(connection, Math.max(lastSequence, notedSequence(connection), connection.sequence) + 1)
  return connection.export()
}
