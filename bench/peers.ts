import Database from 'better-sqlite3'
import { nodeEngine } from '../src/runtime/node/engine.ts'
import { migrations } from '../src/sql/migrations.ts'

export type PeerValue = number | string | null

export interface PeerStatement {
  run(values: readonly PeerValue[]): void
  /** Rows as arrays, in column order. */
  all(values: readonly PeerValue[]): unknown[][]
}

/** A database with our schema and nothing above it: prepared statements and transactions. */
export interface Peer {
  prepare(sql: string): PeerStatement
  transaction(work: () => void): void
  close(): void
}

/** Those of `src/sql/connection.ts`. */
const OUR_PRAGMAS = `PRAGMA journal_mode=memory; PRAGMA synchronous=off;
  PRAGMA locking_mode=exclusive; PRAGMA temp_store=memory; PRAGMA recursive_triggers=on; PRAGMA trusted_schema=off;
  PRAGMA cell_size_check=on`

/** As the store promises them: `strict` survives a power cut, `relaxed` the death of the process. */
const NATIVE_PRAGMAS = {
  memory: 'PRAGMA journal_mode=memory; PRAGMA synchronous=off',
  relaxed: 'PRAGMA journal_mode=wal; PRAGMA synchronous=normal',
  strict: 'PRAGMA journal_mode=wal; PRAGMA synchronous=full',
}

const SCHEMA = `BEGIN; ${migrations.flat().join(';\n')}; COMMIT`

/** sql.js as our engine loads it, without our code above it. */
export async function bareSqlJs(): Promise<Peer> {
  const { open } = await nodeEngine()
  const database = open()
  database.exec(OUR_PRAGMAS)
  database.exec(SCHEMA)
  const prepare = (sql: string): PeerStatement => {
    const statement = database.prepare(sql)
    const run = (values: readonly PeerValue[]): void => {
      statement.bind(values)
      statement.step()
    }
    const all = (values: readonly PeerValue[]): unknown[][] => {
      const rows: unknown[][] = []
      statement.bind(values)
      while (statement.step()) rows.push(statement.get())
      statement.reset()
      return rows
    }
    return { run, all }
  }
  return { prepare, transaction: transactions(prepare), close: () => database.close() }
}

/** better-sqlite3 in memory, or on a file. */
export function nativeSqlite(durability: keyof typeof NATIVE_PRAGMAS = 'memory', path = ':memory:'): Peer {
  const database = new Database(path)
  database.exec(NATIVE_PRAGMAS[durability])
  database.exec(SCHEMA)
  const prepare = (sql: string): PeerStatement => {
    const statement = database.prepare<unknown[], unknown[]>(sql)
    // Arrays are faster than its own objects.
    if (statement.reader) statement.raw()
    return { run: (values) => void statement.run(values), all: (values) => statement.all(values) }
  }
  return { prepare, transaction: transactions(prepare), close: () => void database.close() }
}

function transactions(prepare: Peer['prepare']): Peer['transaction'] {
  const [begin, commit] = [prepare('BEGIN'), prepare('COMMIT')]
  return (work) => {
    begin.run([])
    work()
    commit.run([])
  }
}
