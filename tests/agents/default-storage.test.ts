import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  AdaptiveLearningEngine,
  BaseAgent,
  LearningDatabase,
  LearningEngine,
  memoryStorage,
  openLearningStore,
} from '../../src/entry/node.ts'
import { sharedStore } from '../../src/runtime/shared-store.ts'
import { doingAgent, templateBased, unitTests } from './tasks.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  vi.stubEnv('AQE_DB_PATH', join(folder, 'memory.db'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe('without a store', () => {
  test('engines and agents of a process share the default store, which the last one closes', async () => {
    const engine = new LearningEngine('engine')
    const agent = doingAgent(BaseAgent, { type: 'qe-test-generator' })
    await Promise.all([
      engine.learnFromExecution(unitTests, templateBased),
      agent.executeTask({ ...unitTests, does: () => templateBased }),
    ])
    await engine.dispose()
    await agent.executeTask({ ...unitTests, does: () => templateBased })
    await expect(openLearningStore({ lockTimeoutMs: 0 })).rejects.toMatchObject({ code: 'LOCKED' })
    await agent.dispose()
    await using store = await openLearningStore({ lockTimeoutMs: 0 })
    expect((await store.agents.list()).map(({ id }) => id)).toEqual(['engine', 'qe-test-generator'])
    expect(await store.experiences.count()).toBe(3)
  })

  test('a restarted agent continues in the default store', async () => {
    for (let i = 1; i <= 3; i++) {
      const agent = doingAgent(BaseAgent, { type: 'qe-test-generator' })
      await agent.initialize()
      await agent.executeTask({ ...unitTests, does: () => templateBased })
      expect(await agent.learning.getTotalExperiences()).toBe(i)
      await agent.dispose()
    }
  })

  test('the classes of MCP-Agent share the default store, too', async () => {
    const [adaptive, database] = [new AdaptiveLearningEngine(), new LearningDatabase()]
    await adaptive.trackExecutionPattern({ taskType: 'review', patternUsed: 'direct' })
    await adaptive.shutdown()
    expect(await database.retrievePatterns()).toMatchObject([{ taskType: 'review', usageCount: 1 }])
    await database.shutdown()
    await using store = await openLearningStore({ lockTimeoutMs: 0 })
    expect(await store.executionPatterns.count()).toBe(1)
  })

  test('another path is another store', async () => {
    const one = new LearningEngine('one')
    await one.initialize()
    vi.stubEnv('AQE_DB_PATH', join(folder, 'other.db'))
    const two = new LearningEngine('two')
    await two.learnFromExecution(unitTests, templateBased)
    expect(await one.getTotalExperiences()).toBe(0)
    await Promise.all([one.dispose(), two.dispose()])
  })
})

describe('a shared store', () => {
  const open = vi.fn(() => openLearningStore({ storage: memoryStorage() }))
  beforeEach(() => void open.mockClear())

  test('is opened once, stays open for the other users, and is opened again after the last one closed it', async () => {
    const [a, b] = await Promise.all([sharedStore('x', open), sharedStore('x', open)])
    expect(open).toHaveBeenCalledTimes(1)
    await a.close()
    await a.close()
    expect((await b.agents.list()).map(({ id }) => id)).toEqual([])
    const closed = b.close()
    const c = await sharedStore('x', open)
    await closed
    expect(open).toHaveBeenCalledTimes(2)
    await expect(b.agents.list()).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await c.agents.list()).map(({ id }) => id)).toEqual([])
    await c.close()
  })

  test('that could not be opened is opened again by the next caller', async () => {
    open.mockRejectedValueOnce(new Error('not now'))
    const results = await Promise.allSettled([sharedStore('y', open), sharedStore('y', open)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const store = await sharedStore('y', open)
    expect((await store.agents.list()).map(({ id }) => id)).toEqual([])
    await store.close()
  })
})
