import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, type ImportResult, openLearningStore } from '../../src/entry/node.ts'
import { sharedThread } from '../learning/shared-thread.ts'
import { EXPERIENCES, fileOf, Q_VALUES } from './foreign-files.ts'
import { dataFile, utf8 } from './sources.ts'

let folder: string
let path: string
let store: AsyncStore
let program: Database.Database | undefined
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-import-'))
  path = join(folder, 'memory.db')
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(async () => {
  await store.close()
  program?.close()
  program = undefined
  rmSync(folder, { recursive: true })
})

/** A program of agentic-qe that has its database open in WAL mode: some rows are in the file, others in its log alone. */
function running(inFile: number, inLog: number): Database.Database {
  const database = new Database(path)
  program = database
  database.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
  if (inFile > 0) database.exec(`${EXPERIENCES}; ${Q_VALUES}`)
  for (let i = 0; i < inFile; i++) experience(database, i, 1)
  database.pragma('wal_checkpoint(TRUNCATE)')
  if (inFile === 0) database.exec(`${EXPERIENCES}; ${Q_VALUES}`)
  for (let i = 0; i < inLog; i++) experience(database, inFile + i, -1)
  return database
}

function experience(database: Database.Database, i: number, reward: number): void {
  database
    .prepare(
      `INSERT INTO learning_experiences (agent_id, task_type, state, action, reward, next_state, timestamp)
       VALUES ('a', 't', ?, '"go"', ?, '{}', '2026-01-01 00:00:00')`,
    )
    .run(`{"i":${i}}`, reward)
}

const files = (): unknown[] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')])
const aboutLog = ({ notes }: ImportResult): string[] => notes.filter((note) => note.includes('-wal'))
const added = (count: number, known = 0) => expect.arrayContaining([{ what: 'experiences', added: count, known }])

describe('a path', () => {
  test('of a SQLite file is imported with its write-ahead log, and nothing beside it changes', async () => {
    running(3, 40)
    const before = files()
    const result = await store.importFile(path)
    expect(result).toMatchObject({ format: 'agentic-qe', changes: added(43) })
    expect(aboutLog(result)).toEqual([])
    expect(files()).toEqual(before)
  })

  test('of a live project whose tables are in the log alone is imported', async () => {
    running(0, 5)
    expect((await store.importFile(path)).changes).toEqual(added(5))
  })

  test('is imported by a store in a worker, too', async () => {
    running(3, 40)
    const built = (await import('learning-store')) as { openLearningStore: typeof openLearningStore }
    await using worker = await built.openLearningStore({ storage: 'memory:', seed: 1, worker: true })
    expect((await worker.importFile(path)).changes).toEqual(added(43))
  })

  test('of a file that its program has closed is imported without a note', async () => {
    running(3, 40).close()
    expect(readdirSync(folder)).toEqual(['memory.db'])
    const result = await store.importFile(path)
    expect([result.changes, aboutLog(result)]).toEqual([added(43), []])
  })

  test('in a folder that cannot be written to is imported', async () => {
    running(3, 40)
    const own = join(folder, 'own')
    mkdirSync(own)
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(own, `memory.db${end}`))
    chmodSync(own, 0o555)
    expect((await store.importFile(join(own, 'memory.db'))).changes).toEqual(added(43))
    expect(readdirSync(own)).toEqual(['memory.db', 'memory.db-wal'])
    chmodSync(own, 0o755)
  })

  test('is the name of the source, and the options go first', async () => {
    const rows = join(folder, 'rows.jsonl')
    writeFileSync(rows, '')
    expect((await store.importFile(rows)).format).toBe('json-lines')
    running(3, 40)
    expect((await store.importFile(path, { wal: new Uint8Array() })).changes).toEqual(added(3))
  })

  test('of another learning store is read with its log', async () => {
    await using writer = await openLearningStore({ storage: `file:${join(folder, 'other.db')}`, durability: 'strict' })
    const agent = await writer.agent('b')
    await agent.learn({ state: 1, action: 'x', reward: 1, terminated: true })
    expect(await store.importFile(join(folder, 'other.db'))).toMatchObject({ merged: { added: 1 } })
  })

  test('of a learning store that another program has opened in WAL mode is merged with that log', async () => {
    const other = join(folder, 'other.db')
    {
      await using writer = await openLearningStore({ storage: `file:${other}` })
      const agent = await writer.agent('b')
      for (let i = 0; i < 3; i++) await agent.learn({ state: i, action: 'x', reward: 1, terminated: true })
    }
    rmSync(`${other}.log`, { recursive: true, force: true })
    program = new Database(other)
    program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
    program.exec(`DELETE FROM learning_experiences WHERE state = '2'`)
    expect(await store.importFile(other)).toMatchObject({ format: 'learning-store', merged: { added: 2 } })
  })

  test('that cannot be read is refused with the reason', async () => {
    await expect(store.importFile(join(folder, 'none.db'))).rejects.toMatchObject({
      code: 'STORAGE_ERROR',
      message: expect.stringContaining('none.db'),
    })
    await expect(store.importFile(folder)).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    running(3, 40)
    writeFileSync(`${path}-journal`, Buffer.from('d9d505f920a163d7', 'hex'))
    await expect(store.importFile(path)).rejects.toMatchObject({ code: 'LOCKED' })
  })

  test('is refused where there are no files', async () => {
    const thread = sharedThread()
    try {
      await using other = await thread.open({ storage: 'memory:', seed: 1 })
      await expect(other.importFile(path)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/read in Node only, elsewhere give the bytes and the option `wal`/),
      })
    } finally {
      await thread.terminate()
    }
  })
})

describe('bytes', () => {
  test('without the log that their header mentions are imported with a note', async () => {
    running(3, 40)
    const bytes = readFileSync(path)
    const result = await store.importFile(bytes, { name: 'memory.db' })
    expect(result.changes).toEqual(added(3))
    expect(aboutLog(result)).toEqual([
      expect.stringMatching(/newest changes may be in memory\.db-wal, which was not given.*`wal`/),
    ])
    expect(bytes.equals(readFileSync(path))).toBe(true)
    const wal = readFileSync(`${path}-wal`)
    const whole = await store.importFile(bytes, { wal })
    expect([whole.changes, aboutLog(whole)]).toEqual([added(40, 3), []])
  })

  test('of a live project whose tables are in the log alone are refused with that reason', async () => {
    running(0, 5)
    await expect(store.importFile(readFileSync(path))).rejects.toMatchObject({
      code: 'NOT_A_STORE',
      message: expect.stringMatching(/got a SQLite file without .*tables?\. .*newest changes may be in FILE-wal/),
    })
  })

  test.each<[string, (log: Uint8Array) => Uint8Array, number, RegExp[]]>([
    ['no log', () => new Uint8Array(), 3, []],
    ['a damaged header', (log) => log.fill(0, 0, 4), 3, [/memory\.db-wal is damaged at its start/]],
    [
      'a damaged page',
      (log) => log.fill(0, -100),
      42,
      [/ignores the last 2 pages of memory\.db-wal, because they belong/],
    ],
    ['a torn end', (log) => log.subarray(0, -100), 42, [/ignores the last 2 pages/]],
    [
      'a torn page',
      (log) => log.subarray(0, -4200),
      42,
      [/ignores the last page of memory\.db-wal, because it belongs/],
    ],
  ])('with %s are imported up to the damage, as SQLite does', async (_, change, count, notes) => {
    running(3, 40)
    const wal = change(new Uint8Array(readFileSync(`${path}-wal`)))
    const result = await store.importFile(readFileSync(path), { name: 'memory.db', wal })
    expect(result.changes).toEqual(added(count))
    expect(aboutLog(result)).toEqual(notes.map((note) => expect.stringMatching(note)))
  })

  test.each<[string, () => Uint8Array, unknown, string, RegExp]>([
    ['a log that is no bytes', () => readFileSync(path), 'memory.db-wal', 'INVALID_ARGUMENT', /wal to be a Uint8Array/],
    [
      'a log beside a CSV file',
      () => utf8('a,b\n'),
      new Uint8Array(),
      'INVALID_ARGUMENT',
      /a SQLite file together with wal/,
    ],
    [
      'a log alone',
      () => readFileSync(`${path}-wal`),
      undefined,
      'NOT_A_STORE',
      /FILE is only the write-ahead log of a SQLite database\. Import that database/,
    ],
    [
      'the index of a log',
      () => readFileSync(`${path}-shm`),
      undefined,
      'NOT_A_STORE',
      /only the index of the write-ahead log/,
    ],
  ])('of %s are refused', async (_, source, wal, code, message) => {
    running(3, 40)
    await expect(store.importFile(source(), { wal } as object)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('of a log alone are refused with the name of its database', async () => {
    running(3, 40)
    await expect(store.importFile(`${path}-wal`)).rejects.toMatchObject({
      code: 'NOT_A_STORE',
      message: expect.stringContaining(`Import ${path}, which`),
    })
  })

  test('with the log of another database are refused', async () => {
    running(3, 40)
    const other = fileOf('PRAGMA page_size = 1024', EXPERIENCES)
    await expect(store.importFile(other, { wal: readFileSync(`${path}-wal`).subarray(0, 0) })).resolves.toBeDefined()
    const withoutFirstPage = readFileSync(`${path}-wal`)
    await expect(store.importFile(other, { wal: withoutFirstPage })).rejects.toMatchObject({ code: 'NOT_A_STORE' })
  })
})

describe.each(['agentic-qe-1.4.2-memory.db', 'agentic-qe-2.8-memory.db', 'agentic-qe-3.8-memory.db'])('%s', (file) => {
  const bytes = dataFile(file)
  const title = bytes ? '' : ' (skipped: there is no data folder)'

  test.skipIf(!bytes)(`in WAL mode, with all its rows in the log, is imported as without${title}`, async () => {
    writeFileSync(join(folder, 'plain.db'), bytes ?? '')
    const expected = await store.importFile(join(folder, 'plain.db'))
    const source = new Database(join(folder, 'plain.db'), { readonly: true })
    program = new Database(path)
    program.pragma(`page_size = ${source.pragma('page_size', { simple: true })}`)
    program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
    source.close()
    // A vacuum of the copy writes every page to the log.
    program.close()
    copyFileSync(join(folder, 'plain.db'), path)
    program = new Database(path)
    program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; VACUUM')
    expect(existsSync(`${path}-wal`)).toBe(true)
    await using other = await openLearningStore({ storage: 'memory:', seed: 1 })
    expect(await other.importFile(path)).toEqual(expected)
    expect(await other.experiences.list({ limit: 1000 })).toEqual(await store.experiences.list({ limit: 1000 }))
  })
})
