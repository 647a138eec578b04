import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesStorage, openLearningStore, type StorageName } from '../src/entry/node.ts'
import { Desk } from './cli/program.ts'

const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS agent_id FROM n'
/** What an attacker adds to a store, and what would happen at the first read or write of it, or at its check. */
const ATTACKS: readonly (readonly [what: string, sql: string])[] = [
  ['a trigger', 'CREATE TRIGGER spy AFTER INSERT ON learning_experiences BEGIN UPDATE q_values SET q_value = 999; END'],
  ['an endless trigger', `CREATE TRIGGER spy AFTER UPDATE ON q_values BEGIN INSERT INTO hints ${ENDLESS}; END`],
  ['an endless view in place of a table', `DROP TABLE q_values; CREATE VIEW q_values AS ${ENDLESS}`],
  ['an endless view in place of metadata', `DROP TABLE store_meta; CREATE VIEW store_meta AS ${ENDLESS}`],
  ['an endless view in place of a report', `DROP VIEW framework_stats; CREATE VIEW framework_stats AS ${ENDLESS}`],
  ['a check', 'CREATE TABLE extra (x CHECK (length(x) > 1))'],
  ['a generated column', 'CREATE TABLE extra (x, y AS (hex(x)))'],
  ['an index of an expression', 'CREATE INDEX extra ON q_values (hex(state_key))'],
  ['no version', 'PRAGMA user_version=0'],
  ['a negative version', 'PRAGMA user_version=-1'],
]

let folder: string
let path: string
let storage: StorageName
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forged-'))
  path = join(folder, 'learning.db')
  storage = `file:${path}`
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A closed store with one experience, which another program changed. Another file: there is no earlier snapshot beside it. */
async function forge(sql: string): Promise<void> {
  const store = await openLearningStore({ storage: `file:${join(folder, 'original.db')}` })
  await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
  await store.close()
  writeFileSync(path, readFileSync(join(folder, 'original.db')))
  change(sql)
}

function change(sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

const refused = { code: 'MODIFIED_EXTERNALLY', message: expect.stringContaining('learning-store doctor --repair') }

describe.each(ATTACKS)('a store with %s', (_, sql) => {
  test('is refused wherever it is opened, and not changed', async () => {
    await forge(sql)
    const before = readFileSync(path)
    const bytes = new Uint8Array(before)
    const openings: readonly Parameters<typeof openLearningStore>[0][] = [
      { storage },
      { storage, readOnly: true },
      { storage: bytesStorage({ initial: bytes, save: async () => {} }) },
    ]
    for (const options of openings) await expect(openLearningStore(options)).rejects.toMatchObject(refused)
    await using desk = await Desk.make()
    for (const command of [['verify'], ['query', 'SELECT 1'], ['learn', 'status']]) {
      const { status, stderr } = await desk.run(...command, '--storage', storage)
      expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining('MODIFIED_EXTERNALLY')])
      expect(status).toBeGreaterThan(0)
    }
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('is imported without it, or refused', async () => {
    await forge(sql)
    await using store = await openLearningStore({ storage: 'memory:' })
    const imported = await store.importFile(new Uint8Array(readFileSync(path))).then(
      () => 'imported',
      (error) => error.code,
    )
    expect(['imported', 'NOT_A_STORE', 'SCHEMA_TOO_NEW']).toContain(imported)
    expect((await store.verify()).findings).toEqual([])
  })

  test('is repaired by doctor', async () => {
    await forge(sql)
    await using desk = await Desk.make()
    const { stdout } = await desk.run('doctor', '--storage', storage)
    expect(stdout).toContain('To repair: learning-store doctor --repair')
    const result = await desk.json('doctor', '--storage', storage, '--repair', '--confirm')
    const table = /DROP TABLE (\w+)/.exec(sql)?.[1]
    const lost = table === undefined ? [] : [`rows of ${table}: 0 could be read`]
    expect(result).toMatchObject({ remedy: 'copy-rows', ok: true, repaired: { lost } })
    await using store = await openLearningStore({ storage })
    await (await store.agent('one')).learn({ state: 's', action: 'b', reward: 1, terminated: true })
    expect((await store.values.get('one', 's')).find(({ action }) => action === 'b')?.value).toBe(0.1)
    expect(await store.experiences.count()).toBe(2)
  })
})

test.each(['q_values', 'store_meta', 'learning_experiences', 'hints', 'learning_agents'])(
  'doctor creates the missing table %s, and says what was lost',
  async (table) => {
    await forge(`DROP TABLE ${table}`)
    await using desk = await Desk.make()
    const before = await desk.run('doctor', '--storage', storage)
    expect([before.status, before.stdout]).toEqual([1, expect.stringContaining(table)])
    const result = await desk.json('doctor', '--storage', storage, '--repair', '--confirm')
    expect(result).toMatchObject({ repaired: { lost: [`rows of ${table}: 0 could be read`] } })
    await using store = await openLearningStore({ storage })
    await (await store.agent('two')).learn({ state: 's', action: 'b', reward: 1, terminated: true })
  },
)

test.each(['9223372036854775807', '-1', "'many'", '0'])(
  'doctor repairs a counter of row ids that is %s',
  async (next) => {
    await forge(`UPDATE sqlite_sequence SET seq = ${next} WHERE name = 'learning_experiences'`)
    await using desk = await Desk.make()
    const { status, stdout } = await desk.run('verify', '--storage', storage)
    expect([status, stdout]).toEqual([1, expect.stringContaining('row ids of learning_experiences')])
    const result = await desk.json('doctor', '--storage', storage, '--repair', '--confirm')
    expect(result).toMatchObject({ ok: true, repaired: { lost: [] } })
    await using store = await openLearningStore({ storage })
    await (await store.agent('one')).learn({ state: 's', action: 'b', reward: 1, terminated: true })
    expect((await store.query('SELECT id FROM learning_experiences ORDER BY id')).rows).toEqual([[1], [2]])
  },
)

test('a store with tables and indexes of a user opens, and keeps them', async () => {
  await forge(
    'CREATE TABLE notes (text); INSERT INTO notes VALUES (1); CREATE INDEX mine ON q_values (visits); ANALYZE',
  )
  const store = await openLearningStore({ storage })
  await (await store.agent('one')).learn({ state: 's', action: 'b', reward: 1, terminated: true })
  expect((await store.query('SELECT text FROM notes')).rows).toEqual([[1]])
  await store.close()
  await using again = await openLearningStore({ storage })
  expect((await again.verify()).ok).toBe(true)
})
