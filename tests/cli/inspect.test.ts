import { existsSync, readFileSync } from 'node:fs'
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

  test('shows rows under their columns', async () => {
    expect(await desk.run('query', SQL, 'd')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: ['agent_id               n  x', 'qe-test-generator-001  3  -', 'qe-test-generator-002  3  -\n'].join(
        '\n',
      ),
    })
  })

  test('prints an array of objects as JSON, with bytes in base64', async () => {
    expect(await desk.json('query', SQL, 'd')).toEqual([
      { agent_id: 'qe-test-generator-001', n: 3, x: null },
      { agent_id: 'qe-test-generator-002', n: 3, x: null },
    ])
    expect(await desk.json('query', "SELECT 1 AS __proto__, x'00ff' AS b")).toEqual([
      JSON.parse('{ "__proto__": 1, "b": { "base64": "AP8=" } }'),
    ])
    expect(await desk.json('query', 'SELECT 1 WHERE 0')).toEqual([])
  })

  test('says on standard error that the JSON lacks rows', async () => {
    const { status, stdout, stderr } = await desk.run('query', 'VALUES (1), (2), (3)', '--limit', '2', '--json')
    expect([status, JSON.parse(stdout)]).toEqual([0, [{ column1: 1 }, { column1: 2 }]])
    expect(stderr).toBe('There are more than 2 rows; use --limit to show more.\n')
  })

  test('refuses to lose a column whose name another one has', async () => {
    const { status, stdout, stderr } = await desk.run('query', 'SELECT 1 AS a, 2 AS a', '--json')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Expected columns of different names, got \\"a\\" twice')
    expect(await desk.run('query', 'SELECT 1', '--columns')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected --columns with --json'),
    })
  })

  test('prints the columns and rows as arrays with --columns', async () => {
    expect(await desk.json('query', 'SELECT 1 AS a, 2 AS a', '--columns')).toEqual({
      columns: ['a', 'a'],
      rows: [[1, 2]],
      isTruncated: false,
    })
    expect(await desk.json('query', "SELECT ?1 + 1, x'00ff'", '41', '--limit', '3', '--columns')).toEqual({
      columns: ['?1 + 1', "x'00ff'"],
      rows: [[42, { base64: 'AP8=' }]],
      isTruncated: false,
    })
  })

  test('reports how many values the statement takes', async () => {
    const { status, stderr } = await desk.run('query', 'SELECT ?, ?', 'a', 'b', 'c')
    expect([status, stderr]).toEqual([
      2,
      'error SQL_ERROR Expected 2 values for the parameters of the statement, got 3\n',
    ])
    expect((await desk.run('query', 'SELECT 1', 'a')).stderr).toContain('Expected 0 values')
  })

  test('reports that there are more rows than it shows', async () => {
    expect((await desk.run('query', 'SELECT id FROM learning_experiences', '--limit', '2')).stdout).toContain(
      'more than 2 rows',
    )
  })

  test('stops a query that does not end', async () => {
    const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT count(*) FROM n'
    const { status, stdout, stderr } = desk.runProcess('query', endless, '--timeout-ms', '300')
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('The query ran longer than 300 ms and was stopped')
  })

  test.each([
    ['DELETE FROM q_values', 'INVALID_ARGUMENT', 'a statement that reads'],
    ['WITH x AS (SELECT 1) DELETE FROM q_values', 'SQL_ERROR', 'readonly'],
    ['SELECT 1; DROP TABLE q_values', 'INVALID_ARGUMENT', 'exactly one statement'],
    ['SELECT * FROM missing', 'SQL_ERROR', 'no such table: missing'],
  ])('refuses %s', async (sql, code, message) => {
    const { status, stdout, stderr } = await desk.run('query', sql, '--json')
    expect([status, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toEqual({ error: { code, message: expect.stringContaining(message) } })
    expect(
      ((await desk.json('query', 'SELECT count(*) FROM q_values', '--columns')) as { rows: unknown }).rows,
    ).toEqual([[9]])
  })
})

describe('tables', () => {
  test('shows every table with its row count', async () => {
    const { status, stdout } = await desk.run('tables')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^q_values +table +9$/m)
    expect(stdout).toMatch(/^pattern_fts +virtual +0$/m)
  })

  test('shows the columns with --detailed', async () => {
    expect((await desk.run('tables', '--detailed')).stdout).toMatch(/^store_meta +table +\d +key, value$/m)
    expect(await desk.json('tables')).toMatchObject({
      tables: expect.arrayContaining([{ name: 'q_values', kind: 'table', rowCount: 9, columns: expect.any(Array) }]),
    })
  })
})

describe('verify', () => {
  test('passes for an intact store', async () => {
    expect((await desk.run('verify')).stdout).toMatch(
      /^ok {2}Integrity check passed: 3 agents, 36 experiences, 9 values, commit \d+\n$/,
    )
    expect(await desk.json('verify')).toMatchObject({ ok: true, findings: [] })
  })

  test('ends with 1 and names the problems of a store that another program damaged', async () => {
    const storage = `file:${desk.path('damaged.db')}` as const
    await desk.teach(threeAgents, storage)
    const database = new Database(desk.path('damaged.db'))
    database.exec("UPDATE q_values SET q_value = 9e999 WHERE agent_id = 'crawler'")
    database.close()
    const { status, stdout } = await desk.run('verify', '--storage', storage)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^problem {2}values: a value that is no finite number \(3\): crawler: complexity:0 /m)
    expect(stdout).toContain('Another program edited the store')
  })
})

describe('snapshot', () => {
  test('copies the whole store to one SQLite file', async () => {
    const { file } = (await desk.json('snapshot')) as { file: string }
    expect(file).toMatch(/memory\.db\.[\dT-]+\.snapshot$/)
    expect(new Database(file, { readonly: true }).prepare('SELECT count(*) FROM q_values').pluck().get()).toBe(9)
  })

  test('creates no folder unasked', async () => {
    const { status, stderr } = await desk.run('snapshot', '--output', 'none/one.db')
    expect([status, stderr]).toEqual([2, expect.stringMatching(/NOT_CONFIRMED The folder .*none .*Add --mkdir/)])
    expect(existsSync(desk.path('none'))).toBe(false)
  })

  test('writes to --output, and overwrites a file only with --force', async () => {
    expect(await desk.run('snapshot', '--output', 'copies/one.db', '--mkdir')).toMatchObject({
      status: 0,
      stdout: 'copies/one.db\n',
    })
    const before = readFileSync(desk.path('copies/one.db'))
    expect((await desk.run('snapshot', '--output', 'copies/one.db', '--mkdir')).status).toBe(2)
    expect(readFileSync(desk.path('copies/one.db')).equals(before)).toBe(true)
    expect((await desk.run('snapshot', '--output', 'copies/one.db', '--force')).status).toBe(0)
    expect(await desk.json('verify', '--storage', `file:${desk.path('copies/one.db')}`)).toMatchObject({ ok: true })
  })
})
