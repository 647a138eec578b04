import type { Connection } from '../../sql/connection.ts'
import { rowsOf } from '../../sql/table-rows.ts'

/** What an export leaves out of a file. */
export interface Loss {
  /** The path of the file in the folder. */
  readonly file: string
  /** A whole sentence. */
  readonly note: string
}

/** The vectors of a store, for which the files of agentic-qe 1.4.2 have no column. */
export function lossesOf(connection: Connection): Loss[] {
  const patterns = new Set([...rowsOf(connection, 'pattern_embeddings', ['pattern_id'])].map(([id]) => id)).size
  const entries = [...rowsOf(connection, 'memory_entries', ['embedder'])].filter(([name]) => name !== null).length
  const losses: readonly [file: string, what: string, count: number][] = [
    ['patterns.db', 'test patterns', patterns],
    ['memory.db', 'shared memory', entries],
  ]
  return losses.flatMap(([file, what, count]) =>
    count > 0
      ? [{ file, note: `Vectors of ${what} are left out (${count}): agentic-qe 1.4 has no place for them.` }]
      : [],
  )
}
