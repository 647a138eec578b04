import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type AsyncStore,
  BaseAgent,
  type LearnerConfiguration,
  LearningEngine,
  openLearningStore,
  type Task,
  type TaskRun,
} from '../../src/entry/node.ts'

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
})
afterEach(() => store.close())

/** Every field that the type allows, none with its default. */
const ALL: LearnerConfiguration = {
  type: 'tester',
  algorithm: 'double-q-learning',
  learningRateSchedule: 'sample-average',
  learningRate: 0.2,
  discountFactor: 0.5,
  policy: 'softmax',
  explorationRate: 0.4,
  explorationDecay: 0.9,
  minExplorationRate: 0.05,
  temperature: 0.5,
  ucbScale: 1,
  nStep: 1,
  traceDecay: 0,
  planningSteps: 2,
  modelWindow: 3,
  modelHalfLife: 4,
  explorationBonus: 0.5,
  initialValue: 1,
  rewardRange: [-2, 2],
  rewardScale: 3,
  unseenStates: 'similar',
  features: {},
  actionFeatures: false,
  rewardWithinMs: 60_000,
  defaultReward: 0.5,
  defaultTaskType: 'unit-test',
}
const task = { type: 'unit-test', requiredCapabilities: ['unit-test'] }

class Tester extends BaseAgent {
  protected override performTask(): object {
    return { strategy: 'fast', success: true }
  }
}

test.each(Object.entries(ALL))('an engine and an agent learn with %s: %j', async (name, value) => {
  const learning = { [name]: value }
  const engine = new LearningEngine('engine', { store, ...learning })
  expect(await engine.learnFromExecution(task, { strategy: 'fast' })).toMatchObject({ learned: true })
  expect(await (await store.agent('engine')).status()).toMatchObject(learning)
  if (name === 'type') return
  await new Tester({ type: 'tester', learning: { store, ...learning } }).executeTask(task)
  expect(await (await store.agent('tester')).status()).toMatchObject({ ...learning, experienceCount: 1 })
})

test('an engine takes all fields at once, and learns by Thompson sampling of its rewards', async () => {
  const engine = new LearningEngine('engine', { store, ...ALL, policy: 'thompson-beta' })
  await engine.learnFromExecution(task, { strategy: 'fast', success: true })
  await engine.learnFromExecution(task, { strategy: 'slow', success: false })
  const { probability, action } = await engine.selectActionWithPolicy(task, [
    { strategy: 'fast' },
    { strategy: 'slow' },
  ])
  expect(action.strategy === 'fast' ? probability : 1 - probability).toBeGreaterThan(0.5)
})

test.each<[Partial<LearnerConfiguration>, string]>([
  [{ policy: 'thompson-beta' }, 'Expected rewardRange to be a range that contains the rewards of tasks, [-2, 2]'],
  [{ policy: 'thompson-beta', rewardRange: null }, 'Expected rewardRange to be a range that contains'],
  [{ rewardRange: [0, 1] }, 'Expected rewardRange to be a range that contains'],
])('an engine and an agent refuse %j when they are made', async (learning, message) => {
  const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })
  expect(() => new LearningEngine('engine', { store, ...learning })).toThrow(refused)
  expect(() => new Tester({ type: 'tester', learning: { store, ...learning } })).toThrow(refused)
  await expect(new LearningEngine('engine', { store }).enableQLearning(learning)).rejects.toEqual(refused)
})

test('a task that runs its strategy with another parallelization is learned from without the offered actions', async () => {
  class Parallel extends BaseAgent {
    protected override async performTask(_: Task, run: TaskRun): Promise<object> {
      await run.choose([{ strategy: 'fast', parallelization: 0.5 }])
      return { strategy: 'fast', parallelization: 0.7, success: true }
    }
  }
  await new Parallel({ type: 'tester', learning: { store } }).executeTask(task)
  const [experience] = await store.experiences.list()
  expect(experience).toMatchObject({ action: { strategy: 'fast', parallelization: 0.7 }, actions: null })
})
