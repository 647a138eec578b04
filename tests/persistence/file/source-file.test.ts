import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readSourceFile } from '../../../src/persistence/file/source-file.ts'
import { withWriteAheadLog } from '../../../src/sql/write-ahead-log.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-source-'))
  path = join(folder, 'memory.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The sums of the two tables of accounts, which are equal after every transaction. */
function sumsOf(bytes: Uint8Array): { readonly one: number; readonly two: number; readonly check: string } {
  const copy = join(folder, 'copy.db')
  writeFileSync(copy, bytes)
  const database = new Database(copy, { readonly: true })
  try {
    const check = database.pragma('integrity_check', { simple: true }) as string
    const sums = database.prepare('SELECT (SELECT sum(n) FROM one) AS one, (SELECT sum(n) FROM two) AS two').get()
    return { ...(sums as { one: number; two: number }), check }
  } finally {
    database.close()
    rmSync(copy)
  }
}

/** A program that moves numbers between many pages of two tables without a pause. */
const WRITER = `
const Database = require('better-sqlite3')
const [path, mode, every] = process.argv.slice(1)
let database = new Database(path)
const prepare = () => {
  database.pragma('journal_mode = ' + mode)
  database.pragma('synchronous = off')
  database.pragma('wal_autocheckpoint = 0')
  database.pragma('cache_size = 20')
}
prepare()
database.exec('CREATE TABLE one (id INTEGER PRIMARY KEY, n INTEGER, body BLOB); CREATE TABLE two AS SELECT * FROM one')
const add = (table) => database.prepare('INSERT INTO ' + table + ' VALUES (?, 0, randomblob(1500))')
database.transaction(() => { for (let i = 0; i < 60; i++) { add('one').run(i); add('two').run(i) } })()
for (let round = 1; ; round++) {
  database.transaction(() => {
    for (let i = round % 3; i < 60; i += 3) database.prepare('UPDATE one SET n = n + 1 WHERE id = ?').run(i)
    for (let i = round % 3; i < 60; i += 3) database.prepare('UPDATE two SET n = n + 1 WHERE id = ?').run(59 - i)
  })()
  if (mode === 'wal' && round % every === 0) database.pragma('wal_checkpoint(' + ['PASSIVE', 'RESTART', 'TRUNCATE'][round % 3] + ')')
  if (round % 40 === 0) { database.close(); database = new Database(path); prepare() }
  if (round === 1) process.stdout.write('begun')
}
`

describe('a file of another program', () => {
  test.each([
    ['wal', 1],
    ['wal', 7],
    ['delete', 1],
    ['truncate', 1],
  ])(
    'is read as of one moment while a program writes it in %s mode, with a checkpoint every %i transactions',
    async (mode, every) => {
      const writer = spawn(process.execPath, ['-e', WRITER, path, mode, String(every)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: join(import.meta.dirname, '..', '..', '..'),
      })
      try {
        await once(writer.stdout, 'data')
        let last = 0
        for (let i = 0; i < 40; i++) {
          const { bytes, wal = new Uint8Array() } = await readSourceFile(path)
          const { one, two, check } = sumsOf(withWriteAheadLog(bytes, wal).bytes)
          expect([check, one]).toEqual(['ok', two])
          expect(one).toBeGreaterThanOrEqual(last)
          last = one
        }
        expect(last).toBeGreaterThan(0)
      } finally {
        const ended = once(writer, 'exit')
        writer.kill('SIGKILL')
        await ended
      }
    },
  )

  /** Accounts in 60 pages of each table, not checkpointed in WAL mode. */
  function accounts(mode: string): Database.Database {
    const database = new Database(path)
    database.exec(`PRAGMA journal_mode = ${mode}; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 20`)
    database.exec(
      'CREATE TABLE one (id INTEGER PRIMARY KEY, n INTEGER, body BLOB); CREATE TABLE two AS SELECT * FROM one',
    )
    database.exec('BEGIN')
    for (let id = 0; id < 60; id++) {
      for (const table of ['one', 'two']) database.exec(`INSERT INTO ${table} VALUES (${id}, 0, randomblob(1500))`)
    }
    database.exec('COMMIT')
    return database
  }
  const move = (database: Database.Database, where = '1'): void =>
    database.transaction(() => {
      for (const table of ['one', 'two']) database.exec(`UPDATE ${table} SET n = n + 1 WHERE ${where}`)
    })()

  /** Reads the file; the first readings stop in the middle while something happens. */
  async function readWhile(...happens: (() => void)[]): Promise<ReturnType<typeof sumsOf>> {
    const { bytes, wal = new Uint8Array() } = await readSourceFile(path, async (file) => {
      const before = readFileSync(file)
      const next = happens.shift()
      if (!next) return before
      next()
      const after = readFileSync(file)
      const half = Math.floor(before.length / 2)
      return Buffer.concat([before.subarray(0, half), after.subarray(half)])
    })
    return sumsOf(withWriteAheadLog(bytes, wal).bytes)
  }

  test.each<[string, string, (database: Database.Database) => void]>([
    ['a transaction', 'wal', (database) => move(database)],
    ['a checkpoint', 'wal', (database) => database.pragma('wal_checkpoint(PASSIVE)')],
    [
      'a transaction with its checkpoint',
      'wal',
      (database) => {
        move(database)
        database.pragma('wal_checkpoint(TRUNCATE)')
      },
    ],
    [
      'a checkpoint with the next transaction',
      'wal',
      (database) => {
        move(database)
        database.pragma('wal_checkpoint(RESTART)')
        move(database, 'id = 3')
      },
    ],
    [
      'the end of the program',
      'wal',
      (database) => {
        move(database)
        database.close()
      },
    ],
    ['a return to another journal', 'wal', (database) => database.pragma('journal_mode = delete')],
    ['a transaction', 'delete', (database) => move(database)],
    ['a transaction', 'persist', (database) => move(database)],
    ['a change to a write-ahead log', 'delete', (database) => database.pragma('journal_mode = wal')],
    [
      'the first transaction in a write-ahead log',
      'delete',
      (database) => {
        database.pragma('journal_mode = wal')
        move(database)
        database.pragma('wal_checkpoint(PASSIVE)')
      },
    ],
  ])('is not mixed by %s in %s mode while it is read', async (_, mode, happens) => {
    const database = accounts(mode)
    try {
      const { one, two, check } = await readWhile(() => happens(database))
      expect([check, one]).toEqual(['ok', two])
    } finally {
      database.close()
    }
  })

  test('is not mixed by a checkpoint with the next transaction while the log is read', async () => {
    const database = accounts('wal')
    move(database)
    const { one, two, check } = await readWhile(
      () => database.pragma('wal_checkpoint(RESTART)'),
      () => move(database, 'id % 2 = 0'),
    )
    expect([check, one, two]).toEqual(['ok', 90, 90])
    database.close()
  })

  test('is not mixed by a transaction that begins and ends while it is read twice', async () => {
    const database = accounts('delete')
    let reads = 0
    const { bytes } = await readSourceFile(path, async (file) => {
      reads++
      // More than the cache holds, so that its pages reach the file before the end of the transaction.
      if (reads === 1) database.exec('BEGIN; UPDATE one SET n = n + 1')
      const content = readFileSync(file)
      if (reads === 2) database.exec('UPDATE two SET n = n + 1; COMMIT')
      return content
    })
    expect(sumsOf(bytes)).toEqual({ check: 'ok', one: 60, two: 60 })
    database.close()
  })

  test('is read with the log that belongs to it, which a link does not hide', async () => {
    const database = accounts('wal')
    move(database)
    const link = join(folder, 'link.db')
    symlinkSync(path, link)
    const { bytes, wal } = await readSourceFile(link)
    expect(sumsOf(withWriteAheadLog(bytes, wal ?? new Uint8Array()).bytes)).toMatchObject({ one: 60, two: 60 })
    database.close()
  })

  test('is never written to, nor is anything made beside it', async () => {
    const database = accounts('wal')
    const own = join(folder, 'own')
    mkdirSync(own)
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(own, `memory.db${end}`))
    database.close()
    const before = readdirSync(own).map((name) => [name, statSync(join(own, name)).mtimeMs])
    for (const name of readdirSync(own)) chmodSync(join(own, name), 0o444)
    chmodSync(own, 0o555)
    const { wal } = await readSourceFile(join(own, 'memory.db'))
    expect(wal?.length).toBeGreaterThan(100_000)
    expect(readdirSync(own).map((name) => [name, statSync(join(own, name)).mtimeMs])).toEqual(before)
    chmodSync(own, 0o755)
  })

  test('with an unfinished transaction is refused, with the way to end it', async () => {
    const database = accounts('delete')
    database.exec('BEGIN; UPDATE one SET body = randomblob(1501), n = 7')
    await expect(readSourceFile(path)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(
        /unfinished transaction, in .*memory\.db-journal.*sqlite3 ".*memory\.db" \.tables/,
      ),
    })
    const journal = readFileSync(`${path}-journal`)
    database.exec('ROLLBACK')
    const { bytes } = await readSourceFile(path)
    expect(sumsOf(bytes)).toMatchObject({ one: 0, two: 0 })
    database.pragma('journal_mode = wal')
    move(database)
    writeFileSync(`${path}-journal`, journal)
    await expect(readSourceFile(path)).rejects.toMatchObject({ code: 'LOCKED' })
    database.close()
  })

  test('is read with the empty journal of a program that keeps it', async () => {
    const database = accounts('persist')
    move(database)
    database.close()
    expect(readdirSync(folder)).toContain('memory.db-journal')
    expect(sumsOf((await readSourceFile(path)).bytes)).toMatchObject({ one: 60, two: 60 })
  })

  test('that is not of SQLite is read alone', async () => {
    writeFileSync(path, 'agent_id,state\n')
    writeFileSync(`${path}-wal`, 'something else')
    expect(await readSourceFile(path)).toEqual({ bytes: Buffer.from('agent_id,state\n') })
    await expect(readSourceFile(join(folder, 'none.db'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('whose log cannot be read is refused', async () => {
    accounts('wal').close()
    mkdirSync(`${path}-wal`)
    await expect(readSourceFile(path)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
