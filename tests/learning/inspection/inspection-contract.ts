import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore } from '../../../src/entry/node.ts'

/** What every client of a store promises of looking into it as a whole, of resetting and of switching off an agent. */
export function inspectionContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`the whole store, ${name}`, () => {
    let store: AsyncStore
    let agent: AsyncAgent
    const refusal = (code: string, message: string): unknown =>
      expect.objectContaining({ code, message: expect.stringContaining(message) })
    const win = { state: 's', action: 'a', reward: 1, terminated: true }

    beforeEach(async () => {
      store = await open()
      agent = await store.agent('one', { type: 'tester', explorationRate: 0.5 })
      await agent.learn(win)
    })
    afterEach(() => store.close())

    describe('tables', () => {
      test('lists every table with its kind, columns and number of rows', async () => {
        const tables = await store.tables()
        expect(tables.map((table) => table.name)).toEqual(tables.map((table) => table.name).sort())
        const named = new Map(tables.map((table) => [table.name, table]))
        expect(named.get('q_values')).toMatchObject({ kind: 'table', rowCount: 1 })
        expect(named.get('q_values')?.columns.slice(0, 2)).toEqual([
          { name: 'id', type: 'INTEGER' },
          { name: 'agent_id', type: 'TEXT' },
        ])
        expect(named.get('pattern_fts')).toMatchObject({ kind: 'virtual', rowCount: 0 })
        expect(named.get('framework_stats')).toMatchObject({ kind: 'view', rowCount: null })
        expect(tables.filter((table) => /^sqlite_|^pattern_fts_/.test(table.name))).toEqual([])
      })
    })

    describe('rows', () => {
      test('returns a page of a table with all its columns, and whether there are more', async () => {
        await agent.learn({ ...win, state: 't' })
        const first = await store.rows('q_values', { limit: 1 })
        expect(first.columns.slice(0, 2)).toEqual(['id', 'agent_id'])
        expect(first.rows.map((row) => row.slice(0, 3))).toEqual([[1, 'one', 's']])
        expect(first.isTruncated).toBe(true)
        const second = await store.rows('q_values', { limit: 1, offset: 1 })
        expect(second.rows.map((row) => row.slice(0, 3))).toEqual([[2, 'one', 't']])
        expect(second.isTruncated).toBe(false)
      })

      test('rejects unknown tables', async () => {
        for (const name of ['nothing', '"q_values"', 'q_values; DROP TABLE q_values']) {
          await expect(store.rows(name)).rejects.toEqual(refusal('INVALID_ARGUMENT', 'a table or view of this store'))
        }
        await expect(store.rows('')).rejects.toEqual(refusal('INVALID_ARGUMENT', 'table'))
      })
    })

    describe('query', () => {
      test('returns columns and rows, with values bound by position', async () => {
        const sql = 'SELECT agent_id, q_value AS worth FROM q_values WHERE agent_id = ? AND q_value > ?2;'
        expect(await store.query(sql, ['one', 0])).toEqual({
          columns: ['agent_id', 'worth'],
          rows: [['one', 0.1]],
          isTruncated: false,
        })
      })

      test('sees what was learned in the same tick', async () => {
        const [, { rows }] = await Promise.all([
          agent.learn({ ...win, state: 't' }),
          store.query('SELECT count(*) FROM q_values'),
        ])
        expect(rows).toEqual([[2]])
      })

      test('stops at its limit and says so', async () => {
        const series = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT ?) SELECT x FROM n'
        expect(await store.query(series, [3], { limit: 2 })).toMatchObject({ rows: [[1], [2]], isTruncated: true })
        expect(await store.query(series, [2], { limit: 2 })).toMatchObject({ rows: [[1], [2]], isTruncated: false })
        expect(await store.query(series, [0], { limit: 0 })).toMatchObject({ rows: [], isTruncated: false })
        expect((await store.query(series, [1_001])).rows).toHaveLength(1_000)
      })

      test('returns every kind of value', async () => {
        const values = [1.5, 'text; -- not a comment', new Uint8Array([0, 255]), null, Number.POSITIVE_INFINITY]
        expect((await store.query('VALUES (?, ?, ?, ?, ?)', values)).rows).toEqual([values])
      })

      test.each([
        ['explains a statement', 'EXPLAIN QUERY PLAN SELECT 1'],
        ['tells by a pragma', 'PRAGMA main.table_info(q_values)'],
        ['reads past comments', '/* one */ -- two\n SELECT 1 /* three */ ; -- four'],
      ])('%s', async (_, sql) => {
        await expect(store.query(sql)).resolves.toMatchObject({ isTruncated: false })
      })

      test.each([
        ['INSERT INTO q_values VALUES (1)', 'a statement that reads'],
        ['EXPLAIN DELETE FROM q_values', 'a statement that reads'],
        ['BEGIN', 'a statement that reads'],
        ["ATTACH 'x' AS y", 'a statement that reads'],
        ['VACUUM', 'a statement that reads'],
        ['', 'a statement that reads'],
        [' -- nothing', 'a statement that reads'],
        ['SELECT 1; SELECT 2', 'exactly one statement'],
        ['SELECT 1; PRAGMA query_only=OFF', 'exactly one statement'],
        ['PRAGMA query_only=OFF', 'one of the pragmas'],
        ['PRAGMA user_version=9', 'one of the pragmas'],
        ['PRAGMA main.user_version = 9', 'one of the pragmas'],
        ['PRAGMA "user_version"=9', 'one of the pragmas'],
        ['PRAGMA wal_checkpoint', 'one of the pragmas'],
        ['EXPLAIN PRAGMA query_only=OFF', 'a statement that reads'],
        ['SELECT 1\0', 'without NUL'],
      ])('refuses %j', async (sql, message) => {
        await expect(store.query(sql)).rejects.toEqual(refusal('INVALID_ARGUMENT', message))
      })

      test.each([
        ['WITH x AS (SELECT 1) DELETE FROM q_values', 'readonly'],
        ['SELECT missing FROM q_values', 'no such column: missing'],
        ['SELECT * FROM missing', 'no such table: missing'],
        ['SELECT', 'incomplete input'],
        ['SELECT abs(-9223372036854775807 - 1)', 'integer overflow'],
      ])('says what SQLite says of %j, and goes on', async (sql, message) => {
        await expect(store.query(sql)).rejects.toEqual(refusal('SQL_ERROR', message))
        await agent.learn({ ...win, state: 'after' })
        expect((await store.query('SELECT count(*) FROM q_values')).rows).toEqual([[2]])
      })

      test('rejects a wrong number of values', async () => {
        await expect(store.query('SELECT ?, ?', [1])).rejects.toEqual(refusal('INVALID_ARGUMENT', 'got only 1'))
        await expect(store.query('SELECT ?', [1, 2])).rejects.toEqual(refusal('SQL_ERROR', 'out of range'))
      })

      test.each([
        ['NaN', [Number.NaN], {}, 'a value to be a number'],
        ['an object', [{} as never], {}, 'a value to be a number'],
        ['a limit below 0', [1], { limit: -1 }, 'limit to be'],
        ['an unknown option', [1], { most: 1 } as object, 'only limit'],
      ])('refuses %s', async (_, values, options, message) => {
        await expect(store.query('SELECT ?', values, options)).rejects.toEqual(refusal('INVALID_ARGUMENT', message))
      })
    })

    test('verify finds nothing in a healthy store, and changes nothing', async () => {
      const learner = await store.agent('two', { algorithm: 'double-q-learning' })
      await learner.learn({ state: { deep: { list: [1, 'x|y'] } }, action: { a: null }, reward: -1, nextState: 'z' })
      await store.experiences.add('two', { state: 's', action: 'a', reward: 0, nextState: 's' })
      const { sequence } = await store.status()
      expect(await store.verify()).toEqual({ ok: true, findings: [] })
      expect((await store.status()).sequence).toBe(sequence)
    })

    describe('resetAgent', () => {
      test('deletes everything an agent learned, and nothing of another', async () => {
        const other = await store.agent('other', { algorithm: 'double-q-learning' })
        await other.learn(win)
        for (let i = 0; i < 6; i++) {
          const execution = { taskType: 't', state: 's', action: 'a', reward: 1, success: true, executionTimeMs: 5 }
          await agent.learnFromExecution({ ...execution, discovery: 'rate', updateFrequency: 2 })
        }
        const before = await other.getStatistics()
        const removed = await store.resetAgent('one')
        expect(removed).toMatchObject({ experiences: 7, values: 1, patterns: 1, patternUses: 6, historyRecords: 6 })
        expect(removed.metrics).toBeGreaterThan(0)
        expect(await agent.getStatistics()).toMatchObject({
          experiences: 0,
          values: 0,
          patterns: 0,
          explorationRate: 0.5,
        })
        expect(await agent.status()).toMatchObject({ type: 'tester', explorationRate: 0.5, experienceCount: 0 })
        expect(await store.values.get('one', 's')).toEqual([])
        expect(await other.getStatistics()).toEqual(before)
        expect(await store.verify()).toMatchObject({ ok: true })
      })

      test('lets the agent start as a new one', async () => {
        const options = { actions: [1, 2, 3, 4, 5, 6, 7, 8] }
        const draw = async (): Promise<unknown[]> => {
          const drawn: unknown[] = []
          for (let i = 0; i < 8; i++) drawn.push((await agent.selectAction('fresh', options)).action)
          return drawn
        }
        await store.resetAgent('one')
        const first = await draw()
        await agent.learn(win)
        await store.resetAgent('one')
        expect(await draw()).toEqual(first)
        await agent.learn(win)
        expect(await store.values.get('one', 's')).toEqual([{ action: 'a', value: 0.1, visits: 1 }])
      })

      test('in one tick with learning keeps what came after it', async () => {
        const other = await store.agent('other')
        await Promise.all([other.learn(win), store.resetAgent('one'), agent.learn({ ...win, state: 'next' })])
        expect(await store.values.get('one', 'next')).toHaveLength(1)
        expect(await store.values.get('one', 's')).toHaveLength(0)
        expect(await store.values.get('other', 's')).toHaveLength(1)
      })

      test('updates the copies of its values', async () => {
        using policy = await agent.policy({ seed: 1 })
        expect(policy.valuesOf('s')).toHaveLength(1)
        const other = await store.agent('other')
        await store.resetAgent('one')
        await other.learn(win)
        await expect.poll(() => policy.valuesOf('s')).toEqual([])
      })

      test('rejects an unknown agent', async () => {
        await expect(store.resetAgent('none')).rejects.toEqual(refusal('INVALID_ARGUMENT', '"none"'))
      })
    })

    describe('setLearningEnabled', () => {
      test('is stored, for this agent only', async () => {
        const other = await store.agent('other')
        expect(await agent.isLearningEnabled()).toBe(true)
        await agent.setLearningEnabled(false)
        await agent.setLearningEnabled(false)
        expect([await agent.isLearningEnabled(), await other.isLearningEnabled()]).toEqual([false, true])
        await store.resetAgent('one')
        expect(await agent.isLearningEnabled()).toBe(false)
        await agent.setLearningEnabled(true)
        expect(await agent.isLearningEnabled()).toBe(true)
      })

      test('does not affect explicit learning', async () => {
        await agent.setLearningEnabled(false)
        expect(await agent.learn({ ...win, state: 't' })).toMatchObject({ learned: true })
      })

      test('rejects values other than true and false', async () => {
        await expect(agent.setLearningEnabled('no' as never)).rejects.toEqual(
          refusal('INVALID_ARGUMENT', 'true or false'),
        )
      })
    })
  })
}
