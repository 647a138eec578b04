import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncStore } from '../../src/entry/node.ts'
import { logOf, withLog } from './log-of.ts'

const END = { terminated: true, taskType: 't' }

/** What every client of a store promises of importing, exporting, merging and persistence small. */
export function jobsContract(
  name: string,
  open: () => Promise<AsyncStore>,
  openOther: () => Promise<AsyncStore>,
): void {
  describe(`jobs, ${name}`, () => {
    let store: AsyncStore
    let other: AsyncStore
    beforeEach(async () => {
      store = await open()
      other = await openOther()
    })
    afterEach(async () => {
      await store.close()
      await other.close()
    })

    async function learned(which: AsyncStore, count: number, id = 'a'): Promise<void> {
      const agent = await which.agent(id)
      await agent.learnMany(
        Array.from({ length: count }, (_, i) => ({ ...END, state: i % 7, action: `do ${i % 3}`, reward: (i % 5) / 4 })),
      )
    }
    const valuesOf = async (which: AsyncStore, agentId = 'a') =>
      (await which.values.list({ agentId, limit: 10_000 })).map(({ lastUpdated: _, ...value }) => value)
    const experiencesOf = (which: AsyncStore) => which.experiences.list({ limit: 10_000 })

    test.each(['json-lines', 'csv'] as const)('experiences round-trip as %s', async (format) => {
      await learned(store, 50)
      const [file] = await store.exportFile({ format })
      const report = await other.importFile(file?.bytes ?? new Uint8Array(), { name: file?.path ?? '' })
      expect(report).toMatchObject({ format, dryRun: false, skipped: [] })
      expect(report.changes).toContainEqual({ what: 'experiences', added: 50, known: 0 })
      expect(await experiencesOf(other)).toEqual(await experiencesOf(store))
      expect(await valuesOf(other)).toEqual(await valuesOf(store))
      const again = await other.importFile(file?.bytes ?? new Uint8Array())
      expect(again.changes).toContainEqual({ what: 'experiences', added: 0, known: 50 })
      expect(await valuesOf(other)).toEqual(await valuesOf(store))
    })

    test('a learning model round-trips with its values and visits', async () => {
      await learned(store, 20)
      const [file] = await store.exportFile({ format: 'learning-model-state', agentId: 'a' })
      await other.importFile(file?.bytes ?? new Uint8Array())
      expect(await valuesOf(other)).toEqual(await valuesOf(store))
    })

    test('a folder of agentic-qe round-trips, file by file', async () => {
      await learned(store, 20)
      await store.testPatterns.upsert({
        patternType: 'unit',
        framework: 'vitest',
        codeSignature: { name: 'sum' },
        testTemplate: { body: 'it()' },
        metadata: { name: 'sums numbers', description: 'adds', tags: ['math'] },
      })
      const files = await store.exportFile({ format: 'agentic-qe' })
      expect(files.map(({ path }) => path).sort()).toEqual(['data/swarm-memory.db', 'memory.db', 'patterns.db'])
      for (const { bytes } of files) await other.importFile(bytes)
      expect(await experiencesOf(other)).toEqual(await experiencesOf(store))
      const found = await other.testPatterns.search('numbers')
      expect(found.map((hit) => hit.pattern.metadata)).toEqual([
        { name: 'sums numbers', description: 'adds', tags: ['math'] },
      ])
      expect(await other.testPatterns.list()).toEqual(await store.testPatterns.list())
    })

    test('a SQLite file is imported with its write-ahead log, and without it with a note', async () => {
      await learned(store, 5)
      const before = withLog(await agenticQeMemory())
      await learned(store, 20)
      const wal = logOf(await agenticQeMemory())
      const { notes } = await other.importFile(before, { name: 'memory.db' })
      expect(notes.join()).toContain('newest changes may be in memory.db-wal')
      expect(await other.experiences.count()).toBe(5)
      const { changes, notes: none } = await other.importFile(new Blob([before.slice()]), { name: 'memory.db', wal })
      expect(changes).toContainEqual({ what: 'experiences', added: 20, known: 5 })
      expect(none.join()).not.toContain('-wal')
      expect(await experiencesOf(other)).toEqual(await experiencesOf(store))
      // What is sent to a worker stays with the caller.
      expect([before.length, wal.length].every((length) => length > 0)).toBe(true)
    })

    async function agenticQeMemory(): Promise<Uint8Array> {
      const files = await store.exportFile({ format: 'agentic-qe' })
      return files.find(({ path }) => path === 'memory.db')?.bytes ?? new Uint8Array()
    }

    test('a dry run reports the changes without making them', async () => {
      await learned(store, 10)
      const [file] = await store.exportFile({ format: 'json-lines' })
      const source = file?.bytes ?? new Uint8Array()
      const { sequence } = await other.status()
      const tried = await other.importFile(source, { dryRun: true })
      expect(tried.dryRun).toBe(true)
      expect(await experiencesOf(other)).toEqual([])
      expect((await other.status()).sequence).toBe(sequence)
      expect({ ...(await other.importFile(source)), dryRun: true }).toEqual(tried)
    })

    test('an import reports progress, and stops at the signal without a change', async () => {
      await learned(store, 3_000)
      const [file] = await store.exportFile({ format: 'csv' })
      const source = file?.bytes ?? new Uint8Array()
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      const told: number[] = []
      const onProgress = ({ done }: { readonly done: number }): void => {
        told.push(done)
        if (told.length === 2) controller.abort(reason)
      }
      await expect(other.importFile(source, { onProgress, signal: controller.signal })).rejects.toBe(reason)
      expect(told).toHaveLength(2)
      expect(await other.experiences.count()).toBe(0)
      const broken = new Error('the bar broke')
      const breaking = (): void => {
        throw broken
      }
      await expect(other.importFile(source, { onProgress: breaking })).rejects.toBe(broken)
      await expect(other.importFile(source, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      expect((await other.importFile(source)).changes).toContainEqual({ what: 'experiences', added: 3_000, known: 0 })
    })

    test.each<[string, Uint8Array, object, string]>([
      ['nothing', new Uint8Array(), {}, 'NOT_A_STORE'],
      ['a photo', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), {}, 'NOT_A_STORE'],
      [
        'a text that is no JSON Lines',
        new TextEncoder().encode('hello\n'),
        { format: 'json-lines' },
        'INVALID_ARGUMENT',
      ],
      ['a misspelled option', new Uint8Array(), { dryrun: true }, 'INVALID_ARGUMENT'],
      ['an unknown format', new Uint8Array(), { format: 'parquet' }, 'INVALID_ARGUMENT'],
    ])('refuses %s', async (_, source, options, code) => {
      await expect(store.importFile(source, options)).rejects.toMatchObject({ code })
      expect(await store.experiences.count()).toBe(0)
    })

    test('merging in either direction gives equal values, bit for bit, and merging is idempotent', async () => {
      for (const [which, salt] of [
        [store, 1],
        [other, 2],
      ] as const) {
        const [plain, twin] = [
          await which.agent('a', { discountFactor: 0.9 }),
          await which.agent('twin', { algorithm: 'double-q-learning', planningSteps: 2 }),
        ]
        for (let i = 0; i < 30; i++) {
          const next = { state: i % 4, action: (i * salt) % 3, reward: (i * salt) % 5, nextState: (i + salt) % 4 }
          await plain.learn(next)
          await twin.learn({ ...next, truncated: i % 10 === 9 })
        }
      }
      const [mine, theirs] = [await store.snapshot(), await other.snapshot()]
      const report = await store.importFile(theirs)
      expect(report).toMatchObject({ format: 'learning-store', merged: { agents: 2, added: 60, known: 0, carried: 0 } })
      await other.importFile(mine)
      for (const id of ['a', 'twin']) {
        expect(await store.values.list({ agentId: id, limit: 1000 })).toEqual(
          await other.values.list({ agentId: id, limit: 1000 }),
        )
        const [one, two] = [await (await store.agent(id)).status(), await (await other.agent(id)).status()]
        expect(one).toEqual(two)
        expect(one.experienceCount).toBe(60)
      }
      const before = await valuesOf(store, 'twin')
      const again = await store.importFile(theirs)
      expect(again.merged).toMatchObject({ added: 0, known: 60 })
      expect(await valuesOf(store, 'twin')).toEqual(before)
      // What came from here and comes back is known here.
      expect((await store.importFile(await other.snapshot())).merged).toMatchObject({ added: 0, known: 120 })
    })

    test('pruning removes the oldest in slices, and preserves values, visits and counts', async () => {
      await learned(store, 1_000)
      const [agent, before] = [await store.agent('a'), await valuesOf(store)]
      const steps: number[] = []
      const removed = await store.prune({
        experiences: { perAgent: 100 },
        onProgress: ({ done }) => void steps.push(done),
      })
      expect(removed).toEqual({ experiences: 880, decisions: 0, learningHistory: 0, learningMetrics: 0 })
      expect(steps).toEqual([0, 250, 500, 750, 880])
      expect(await store.experiences.count()).toBe(120)
      expect(await valuesOf(store)).toEqual(before)
      expect(await agent.status()).toMatchObject({ experienceCount: 1_000 })
      expect(await agent.getStatistics()).toMatchObject({ experiences: 1_000 })
      // The first 20 stay: improvement is measured against them.
      const left = await experiencesOf(store)
      expect(left.slice(-20).map(({ state }) => state)).toEqual(Array.from({ length: 20 }, (_, i) => i % 7).reverse())
      const { after } = await store.compact()
      expect(after).toBe((await store.status()).databaseBytes)
      expect(await store.experiences.count()).toBe(120)
    })

    test('status reports the size of each collection; their sum is the size of the database', async () => {
      await learned(store, 500)
      await store.preferences.set({ preferenceType: 'pattern', preferenceValue: 'parallel' })
      const { collections, databaseBytes } = await store.status()
      const counts = Object.fromEntries(
        Object.entries(collections).map(([collection, size]) => [collection, size.rows]),
      )
      expect(counts).toEqual({ agents: 1, experiences: 500, values: 21, preferences: 1 })
      const bytes = Object.values(collections).map((size) => size.bytes)
      expect(Math.abs(bytes.reduce((sum, size) => sum + size, 0) - databaseBytes)).toBeLessThan(10)
      expect(collections.experiences?.bytes).toBeGreaterThan(databaseBytes / 2)
    })

    test('pruning can remove the least useful experiences', async () => {
      const agent = await store.agent('a', { learningRate: 1 })
      await agent.learnMany(
        Array.from({ length: 100 }, (_, i) => ({ ...END, state: 0, action: 'x', reward: i % 10 === 0 ? 9 : 1 })),
      )
      await store.prune({ experiences: { perAgent: 8, order: 'least-useful' } })
      // The value is 1: whatever showed 1 teaches nothing. Of the 80 that may go, 72 do.
      const rewards = (await experiencesOf(store)).slice(0, -20).map(({ reward }) => reward)
      expect(rewards).toEqual(Array.from({ length: 8 }, () => 9))
    })

    test.each<[object, string]>([
      [{ experiences: { perAgent: -1 } }, 'Expected experiences.perAgent to be an integer of at least 0'],
      [{ experiences: { order: 'newest' } }, 'Expected experiences.order to be oldest or least-useful'],
      [{ experience: {} }, 'got experience'],
      [{ learningHistory: { order: 'oldest' } }, 'got order'],
    ])('refuses to prune by %j', async (options, message) => {
      await expect(store.prune(options)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(message),
      })
    })

    test('pruning preserves the running total of tasks, however many metrics are added', async () => {
      const agent = await store.agent('a')
      for (let i = 0; i < 5; i++) {
        await agent.learnFromExecution({ state: 0, action: 'x', reward: 1, success: true })
      }
      const metric = { agentId: 'a', metricType: 'latency', metricValue: 1 } as const
      for (let i = 0; i < 30; i++) await store.learningMetrics.add(metric)
      await store.prune({ learningMetrics: { perAgent: 10 } })
      expect(await store.learningMetrics.list({ agentId: 'a' })).toHaveLength(11)
      expect(await agent.getStatistics()).toMatchObject({ tasks: 5, successes: 5 })
    })

    test('pruning by usefulness is by age for agents without a table of values', async () => {
      const linear = await store.agent('linear', { algorithm: 'lin-ucb' })
      await linear.learnMany(
        Array.from({ length: 60 }, (_, i) => ({ ...END, state: { x: i }, action: 'x', reward: 1 })),
      )
      await learned(store, 60, 'z')
      await store.prune({ experiences: { perAgent: 10, order: 'least-useful' } })
      expect(await store.experiences.count()).toBe(60)
    })

    test('a merge is refused after experiences were removed, unless forgetRemoved is set', async () => {
      await learned(store, 200)
      await learned(other, 10, 'b')
      await store.prune({ experiences: { perAgent: 50 } })
      const source = await other.snapshot()
      await expect(store.importFile(source)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('130 of them were removed'),
      })
      const { merged } = await store.importFile(source, { forgetRemoved: true })
      expect(merged).toMatchObject({ agents: 2, added: 10 })
    })
  })
}
