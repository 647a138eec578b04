import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

describe('query', () => {
  const SQL = 'SELECT agent_id, count(*) AS n, NULL AS x FROM q_values WHERE agent_id > ? GROUP BY 1 ORDER BY 1'

  test('shows the rows under their columns', () => {
    expect(desk.run('query', SQL, 'd')).toMatchObject({
      ...{ status: 0, stderr: '' },
      stdout: ['agent_id               n  x', 'qe-test-generator-001  3  -', 'qe-test-generator-002  3  -\n'].join(
        '\n',
      ),
    })
  })

  test('gives them as one JSON document, bytes in base64', () => {
    expect(desk.json('query', "SELECT ?1 + 1, x'00ff'", '41', '--limit', '3')).toEqual({
      ...{ columns: ['?1 + 1', "x'00ff'"], rows: [[42, { base64: 'AP8=' }]], isTruncated: false },
    })
  })

  test('says how many values its parameters take', () => {
    const { status, stderr } = desk.run('query', 'SELECT ?, ?', 'a', 'b', 'c')
    expect([status, stderr]).toEqual([2, 'error SQL Expected 2 values for the parameters of it, got 3\n'])
    expect(desk.run('query', 'SELECT 1', 'a').stderr).toContain('Expected 0 values')
  })

  test('says that there are more rows than it shows', () => {
    expect(desk.run('query', 'SELECT id FROM learning_experiences', '--limit', '2').stdout).toContain(
      'more than 2 rows',
    )
  })

  test.each([
    ['DELETE FROM q_values', 'INVALID_ARGUMENT', 'a statement that reads'],
    ['WITH x AS (SELECT 1) DELETE FROM q_values', 'SQL_ERROR', 'readonly'],
    ['SELECT 1; DROP TABLE q_values', 'INVALID_ARGUMENT', 'exactly one statement'],
    ['SELECT * FROM missing', 'SQL_ERROR', 'no such table: missing'],
  ])('refuses %s', (sql, code, message) => {
    const { status, stdout, stderr } = desk.run('query', sql, '--json')
    expect([status, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toEqual({ error: { code, message: expect.stringContaining(message) } })
    expect((desk.json('query', 'SELECT count(*) FROM q_values') as { rows: unknown }).rows).toEqual([[9]])
  })
})

describe('tables', () => {
  test('shows every table and how many rows it has', () => {
    const { status, stdout } = desk.run('tables')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^q_values +table +9$/m)
    expect(stdout).toMatch(/^pattern_fts +virtual +0$/m)
  })

  test('shows their columns where it is asked to', () => {
    expect(desk.run('tables', '--detailed').stdout).toMatch(/^store_meta +table +\d +key, value$/m)
    expect(desk.json('tables')).toMatchObject({
      tables: expect.arrayContaining([{ name: 'q_values', kind: 'table', rowCount: 9, columns: expect.any(Array) }]),
    })
  })
})

describe('verify', () => {
  test('says that a healthy store is sound', () => {
    expect(desk.run('verify').stdout).toMatch(/^sound {2}3 agents, 36 experiences, 9 values, commit \d+\n$/)
    expect(desk.json('verify')).toMatchObject({ ok: true, findings: [] })
  })

  test('ends with 1 and names what it found in one that another program spoilt', async () => {
    const storage = `file:${desk.path('spoilt.db')}`
    await desk.teach(threeAgents, storage)
    const database = new Database(desk.path('spoilt.db'))
    database.exec("UPDATE q_values SET q_value = 9e999 WHERE agent_id = 'crawler'")
    database.close()
    const { status, stdout } = desk.run('verify', '--storage', storage)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^found {2}values: a value that is no finite number \(3\): crawler: complexity:0 /m)
    expect(stdout).toContain('Another program edited the store')
  })
})

describe('snapshot', () => {
  test('keeps the whole store in one SQLite file', () => {
    const { file } = desk.json('snapshot') as { file: string }
    expect(file).toMatch(/memory\.db\.[\dT-]+\.snapshot$/)
    expect(new Database(file, { readonly: true }).prepare('SELECT count(*) FROM q_values').pluck().get()).toBe(9)
  })

  test('writes where it is told, and over nothing unless that is wanted', () => {
    expect(desk.run('snapshot', '--output', 'copies/one.db')).toMatchObject({ status: 0, stdout: 'copies/one.db\n' })
    const before = readFileSync(desk.path('copies/one.db'))
    expect(desk.run('snapshot', '--output', 'copies/one.db').status).toBe(2)
    expect(readFileSync(desk.path('copies/one.db'))).toEqual(before)
    expect(desk.run('snapshot', '--output', 'copies/one.db', '--force').status).toBe(0)
    expect(desk.json('verify', '--storage', `file:${desk.path('copies/one.db')}`)).toMatchObject({ ok: true })
  })
})
