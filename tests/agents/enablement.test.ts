import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AsyncStore, BaseAgent, LearningEngine, openLearningStore } from '../../src/entry/node.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(() => store.close())

const task = { type: 'unit-test' }
const result = { success: true, executionTime: 5 }

class Tester extends BaseAgent {
  readonly trained: unknown[] = []
  constructor(enabled?: boolean) {
    super({ type: 'tester', learning: { store, ...(enabled === undefined ? {} : { enabled }) } })
    this.addEventListener('learning:training', (event) => this.trained.push(event))
  }
  protected override performTask(): unknown {
    return result
  }
}

test('an engine of an agent that is disabled in the store learns nothing until it is enabled there', async () => {
  const agent = await store.agent('tester')
  await agent.setLearningEnabled(false)
  const engine = new LearningEngine('tester', { store })
  await engine.learnFromExecution(task, result)
  expect([engine.isEnabled(), await store.experiences.count()]).toEqual([false, 0])
  await agent.setLearningEnabled(true)
  const next = new LearningEngine('tester', { store })
  await next.learnFromExecution(task, result)
  expect([next.isEnabled(), await store.experiences.count()]).toEqual([true, 1])
})

test('the option of the engine takes precedence', async () => {
  await (await store.agent('tester')).setLearningEnabled(false)
  await new LearningEngine('tester', { store, enabled: true }).learnFromExecution(task, result)
  const enabled = new LearningEngine('tester', { store })
  enabled.setEnabled(true)
  await enabled.learnFromExecution(task, result)
  expect(await store.experiences.count()).toBe(2)
})

test('an agent that is disabled in the store performs tasks without learning or its events', async () => {
  await (await store.agent('tester')).setLearningEnabled(false)
  const agent = new Tester()
  expect(await agent.executeTask(task)).toBe(result)
  expect([agent.trained, await store.experiences.count()]).toEqual([[], 0])
  const enabled = new Tester(true)
  await enabled.executeTask(task)
  expect([enabled.trained.length, await store.experiences.count()]).toEqual([1, 1])
})
