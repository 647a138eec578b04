import type { Connection } from '../../sql/connection.ts'

/** What an export leaves out of a file. */
export interface Loss {
  /** The path of the file in the folder. */
  readonly file: string
  /** A whole sentence. */
  readonly note: string
}

/** The vectors of a store, which the files of agentic-qe 1.4.2 have no column for. */
export function lossesOf(connection: Connection): Loss[] {
  const [patterns = 0] = connection.get<[number]>('SELECT count(DISTINCT pattern_id) FROM pattern_embeddings') ?? []
  const [entries = 0] = connection.get<[number]>('SELECT count(*) FROM memory_entries WHERE vectors IS NOT NULL') ?? []
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
