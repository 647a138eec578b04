import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  AgentEvents,
  AsyncStore,
  BaseAgent,
  BaseAgentOptions,
  LearningEngine,
  StoreCommit,
  StoreErrorCode,
  TaskRun,
} from '../../src/entry/node.ts'
import { ACTION_KEY, type Doing, doingAgent, STATE_KEY, templateBased, unitTests } from './tasks.ts'

export interface AgentsHarness {
  readonly classes: { readonly BaseAgent: typeof BaseAgent; readonly LearningEngine: typeof LearningEngine }
  /** Opens or creates the store of this name, with seed 7. */
  open(name: string): Promise<AsyncStore>
}

let stores = 0

/** The contract of learning engines and agents, for every client. */
export function agentsContract(name: string, { classes, open }: AgentsHarness): void {
  describe(`agents, ${name}`, () => {
    let store: AsyncStore
    let storage: string
    let engine: LearningEngine

    beforeEach(async () => {
      storage = `agents-${stores++}`
      store = await open(storage)
      engine = new classes.LearningEngine('qe-test-generator-001', { store, type: 'qe-test-generator' })
    })
    afterEach(() => store.close())

    const code = (wanted: StoreErrorCode): unknown => expect.objectContaining({ code: wanted })

    describe('a learning engine', () => {
      test('has the parameters of agentic-qe', async () => {
        expect(await engine.getQLearningStats()).toMatchObject({
          agentId: 'qe-test-generator-001',
          type: 'qe-test-generator',
          learningRate: 0.1,
          discountFactor: 0.95,
          explorationRate: 0.3,
          explorationDecay: 0.995,
          minExplorationRate: 0.01,
          enabled: true,
          experiences: 0,
          values: 0,
          tasks: 0,
          successRate: null,
        })
        expect(await engine.getExplorationRate()).toBe(0.3)
      })

      test.each(['q-learning', 'linear', 'lin-ucb'] as const)(
        'learns tasks of several types apart, %s',
        async (algorithm) => {
          const best = { 'unit-tests': 'template', 'end-to-end-tests': 'recording' }
          const types = Object.keys(best) as (keyof typeof best)[]
          const opened = (): LearningEngine => new classes.LearningEngine('several', { store, algorithm })
          let several = opened()
          for (let i = 0; i < 80; i++) {
            // Another engine knows the types of the one before it.
            if (i === 3) several = opened()
            const type = types[i % 2] ?? 'unit-tests'
            const strategy = Math.floor(i / 2) % 2 === 0 ? 'template' : 'recording'
            await several.learnFromExecution({ type }, { strategy, success: strategy === best[type] })
          }
          for (const type of types) {
            const task = { type }
            expect(await several.recommendStrategy(task)).toMatchObject({ strategy: best[type] })
            const { values } = await several.selectActionWithPolicy(task, [
              { strategy: 'template' },
              { strategy: 'recording' },
            ])
            const [template, recording] = values.map(({ value }) => value)
            expect((template ?? 0) > (recording ?? 0)).toBe(best[type] === 'template')
          }
          const state = { taskComplexity: 0.5, requiredCapabilities: [], previousAttempts: 0 }
          expect(await several.recommendStrategy(state)).toMatchObject({ strategy: 'template' })
          const typed = { ...state, type: 'end-to-end-tests' }
          expect(await several.recommendStrategy(typed)).toMatchObject({ strategy: 'recording' })
          const states = new Set(
            (await store.experiences.list({ agentId: 'several' })).map(({ state }) => JSON.stringify(state)),
          )
          expect([...states].sort()).toEqual([
            '{"attempts":0,"capabilities":[],"complexity":0.5,"type":"end-to-end-tests"}',
            '{"attempts":0,"capabilities":[],"complexity":0.5}',
          ])
        },
      )

      test("moves a value a tenth of the way to the reward, under the keys of agentic-qe's persistence document", async () => {
        const inline = new classes.LearningEngine('inline', { store, reward: { formula: 'inline-v1' } })
        const values: (number | undefined)[] = []
        for (let i = 0; i < 3; i++) values.push((await inline.learnFromExecution(unitTests, templateBased)).value)
        // The reference: Q after 1, 2, 3 rewards of 1.458333.
        expect(values.map((value) => value?.toFixed(6))).toEqual(['0.145833', '0.277083', '0.395208'])
        expect(await store.values.list({ agentId: 'inline' })).toMatchObject([
          { stateKey: STATE_KEY, actionKey: ACTION_KEY, visits: 3, value: values[2] },
        ])
      })

      test('returns the reward and the confidence', async () => {
        const outcome = await engine.learnFromExecution(unitTests, templateBased)
        expect(outcome).toMatchObject({ learned: true, improved: false, improvementRate: 0, patterns: [], replayed: 0 })
        expect(outcome.reward).toBeCloseTo(0.972222, 6)
        expect(outcome.confidence).toBeCloseTo((0.0972222 + 2) / 4, 7)
      })

      test('is one operation: a rejected task leaves nothing behind', async () => {
        const { sequence } = await store.status()
        await engine.initialize()
        const opened = (await store.status()).sequence
        await expect(engine.learnFromExecution(unitTests, { quality: 7 })).rejects.toEqual(code('INVALID_ARGUMENT'))
        await expect(engine.learnFromExecution({ type: '' }, {})).rejects.toEqual(code('INVALID_ARGUMENT'))
        expect((await store.status()).sequence).toBe(opened)
        await engine.recordExperience(unitTests, templateBased)
        expect([opened, (await store.status()).sequence]).toEqual([sequence + 1, sequence + 2])
        expect(await engine.getTotalExperiences()).toBe(1)
      })

      test('learns from an execution that is sent twice once', async () => {
        const result = { ...templateBased, executionId: 'run-1' }
        const [first, second] = await Promise.all([
          engine.learnFromExecution(unitTests, result),
          engine.learnFromExecution(unitTests, result),
        ])
        expect([first.learned, second.learned, second.value]).toEqual([true, false, first.value])
        expect(await engine.getQLearningStats()).toMatchObject({ experiences: 1, tasks: 1, successes: 1 })
      })

      test('recommends the best strategy by name, and `default` without knowledge', async () => {
        expect(await engine.recommendStrategy(unitTests)).toMatchObject({ strategy: 'default', confidence: 0.5 })
        await engine.learnFromExecution(unitTests, templateBased)
        await engine.learnFromExecution(unitTests, { strategy: 'random', success: false, executionTime: 2500 })
        const state = { taskComplexity: 0.5, requiredCapabilities: ['unit-test'], previousAttempts: 0 }
        const recommendation = await engine.recommendStrategy(state)
        expect(recommendation).toMatchObject({ strategy: 'template-based', action: { strategy: 'template-based' } })
        expect(recommendation.alternatives.map(({ strategy }) => strategy)).toEqual(['random'])
        expect(recommendation.confidence).toBeCloseTo((0.0972222 + 2) / 4, 7)
        expect(recommendation.interval).toBe(null)
        expect(await engine.recommendStrategy(unitTests)).toEqual(recommendation)
        await engine.learnFromExecution(unitTests, templateBased)
        // Wilson's of two rewards of .972222 in [-2, 2], not a point.
        const { interval, probabilityBest } = await engine.recommendStrategy(state)
        expect([interval?.lower.toFixed(3), interval?.upper.toFixed(3)]).toEqual(['-1.222', '1.888'])
        expect(probabilityBest).toBeGreaterThan(0.5)
        expect(probabilityBest).toBeLessThan(1)
      })

      test('recommends the best strategy of a similar task, and names the state', async () => {
        await engine.learnFromExecution(unitTests, templateBased)
        await engine.learnFromExecution(unitTests, { strategy: 'random', success: false, executionTime: 2500 })
        const recommendation = await engine.recommendStrategy({ ...unitTests, previousAttempts: 1 })
        expect(recommendation).toMatchObject({ strategy: 'template-based', alternatives: [{ strategy: 'random' }] })
        // Same complexity and capability, different attempts.
        expect(recommendation.evidence).toMatchObject({ from: 'similar states', visits: 1 })
        expect(recommendation.evidence.states.map(({ similarity }) => similarity)).toEqual([2 / 3])
        expect(recommendation.confidence).toBeCloseTo((((0.0972222 + 2) / 4) * 2) / 3, 7)
        const [known] = await store.experiences.list({ agentId: engine.agentId, limit: 1, offset: 1 })
        expect(recommendation.evidence.experienceIds).toEqual([known?.id])
      })

      test('learns nothing while it is disabled', async () => {
        engine.setEnabled(false)
        expect(engine.isEnabled()).toBe(false)
        expect(await engine.learnFromExecution(unitTests, templateBased)).toMatchObject({
          learned: false,
          patterns: [],
        })
        expect(await engine.getTotalExperiences()).toBe(0)
        engine.setEnabled(true)
        await engine.learnFromExecution(unitTests, templateBased)
        expect(await engine.getTotalExperiences()).toBe(1)
      })

      test('stores experiences but no values without Q-learning', async () => {
        engine.disableQLearning()
        await engine.learnFromExecution(unitTests, templateBased)
        expect(await engine.getQLearningStats()).toMatchObject({ experiences: 1, values: 0, enabled: false })
        await engine.enableQLearning({ learningRate: 0.5 })
        expect(engine.isQLearningEnabled()).toBe(true)
        await engine.learnFromExecution(unitTests, { ...templateBased, executionTime: 0 })
        // 0.5 of (1 + 0.5) / 3 * 2.
        expect((await store.values.list({ agentId: engine.agentId }))[0]?.value).toBeCloseTo(0.5, 14)
      })

      test('chooses among the given actions by the policy', async () => {
        await engine.learnFromExecution(unitTests, templateBased)
        const known = { strategy: 'template-based', parallelization: 0.7, toolsUsed: ['jest'] }
        const choices = await Promise.all(
          Array.from({ length: 100 }, () => engine.selectActionWithPolicy(unitTests, [{ strategy: 'new' }, known])),
        )
        const best = choices.filter(({ action }) => action.strategy === 'template-based')
        const rate = 0.3 * 0.995
        expect(best[0]).toMatchObject({ action: known, explored: false })
        expect(best[0]?.probability).toBeCloseTo(1 - rate / 2, 14)
        // 100 draws at 0.85: mean 85, standard deviation 3.6; within five standard deviations.
        expect(Math.abs(best.length - 85)).toBeLessThan(18)
      })

      test('learns from transitions, and again from stored ones', async () => {
        await engine.learnFromExperience({ state: 's', action: 'a', reward: 1, terminated: true })
        expect(await engine.replay({ batchSize: 9 })).toMatchObject({ replayed: 9 })
        const [value] = await store.values.get(engine.agentId, 's')
        expect(value).toMatchObject({ visits: 1 })
        expect(value?.value).toBeCloseTo(1 - 0.9 ** 10, 14)
      })

      test('finds what it learned before, under its id', async () => {
        const session = async (from: AsyncStore): Promise<LearningEngine> =>
          new classes.LearningEngine('again', { store: from, explorationRate: 0.5 })
        const first = await session(store)
        for (let i = 0; i < 12; i++) {
          await first.learnFromExecution(unitTests, {
            ...templateBased,
            success: i !== 3,
            errors: i === 3 ? ['flaky'] : [],
          })
        }
        const all = (one: LearningEngine): Promise<unknown[]> =>
          Promise.all([
            one.recommendStrategy(unitTests),
            one.getPatterns(),
            one.getFailurePatterns(),
            one.getQLearningStats(),
            one.getExplorationRate(),
            one.getTotalExperiences(),
          ])
        const before = await all(first)
        await first.dispose()
        await store.close()
        store = await open(storage)
        const second = await session(store)
        expect(await all(second)).toEqual(before)
        expect(await second.getExplorationRate()).toBeCloseTo(0.5 * 0.995 ** 12, 14)
        expect(await second.getFailurePatterns()).toMatchObject([
          { pattern: 'test-generation:failure', frequency: 1, rootCause: 'flaky' },
        ])
        // 11 of 12.
        expect(await second.getPatterns()).toMatchObject([
          { usageCount: 12, successRate: 11 / 12, confidence: (0.61 * 11) / 12 },
        ])
      })

      test("rejects calls after dispose, and leaves the caller's store open", async () => {
        await engine.learnFromExecution(unitTests, templateBased)
        await engine.dispose()
        await engine.dispose()
        await expect(engine.learnFromExecution(unitTests, templateBased)).rejects.toEqual(code('CLOSED'))
        await expect(engine.initialize()).rejects.toEqual(code('CLOSED'))
        expect(await store.experiences.count()).toBe(1)
      })

      test('closes a store that it opened, and opens again after a failure', async () => {
        const openStore = vi.fn(() => open(`${storage}-own`))
        openStore.mockImplementationOnce(() => Promise.reject(new Error('not now')))
        const own = new classes.LearningEngine('own', { openStore })
        await expect(own.initialize()).rejects.toThrow('not now')
        await Promise.all([own.initialize(), own.learnFromExecution(unitTests, templateBased)])
        expect(openStore).toHaveBeenCalledTimes(2)
        const opened = await openStore.mock.results[1]?.value
        await own.dispose()
        await expect(opened?.status()).rejects.toEqual(code('CLOSED'))
      })

      test.each<[string, () => unknown]>([
        ['an empty id', () => new classes.LearningEngine('')],
        ['an unknown option', () => new classes.LearningEngine('a', { rate: 1 } as object)],
        ['a word for enabled', () => new classes.LearningEngine('a', { enabled: 'no' as unknown as boolean })],
      ])('refuses %s', (_, work) => {
        expect(work).toThrow(code('INVALID_ARGUMENT') as Error)
      })
    })

    describe('the collections of learning', () => {
      test('change in one commit per task', async () => {
        await engine.initialize()
        const commits: StoreCommit[] = []
        using _ = store.subscribe((commit) => void commits.push(commit))
        await engine.learnFromExecution(unitTests, templateBased)
        await expect.poll(() => commits).toHaveLength(1)
        expect(commits[0]?.collections).toEqual([
          'agents',
          'experiences',
          'learningHistory',
          'learningMetrics',
          'patterns',
          'values',
        ])
      })

      test('count the uses of strategies', async () => {
        const use = {
          agentId: 'a',
          taskType: 't',
          strategy: ['x', { n: 1 }],
          discovery: { rule: 'rate', minUses: 1 } as const,
        }
        const { pattern, discovered } = await store.patterns.recordUse({ ...use, success: true })
        expect([discovered, pattern?.patternData]).toEqual([true, use.strategy])
        const after = await store.patterns.recordUse({ ...use, success: false, rootCause: 'r', mitigation: 'm' })
        expect(after).toMatchObject({
          discovered: false,
          uses: 2,
          successes: 1,
          failure: { rootCause: 'r', mitigation: 'm' },
        })
        expect(await store.patterns.get(pattern?.id ?? 0)).toEqual(after.pattern)
        expect(await store.patterns.list({ agentId: 'a', limit: 1 })).toEqual([])
        expect(await store.patterns.list({ agentId: 'a', minLowerBound: 0, limit: 1 })).toEqual([after.pattern])
        expect(await store.patterns.list({ agentId: 'b' })).toEqual([])
        expect(await store.patterns.listFailures({ limit: 1 })).toEqual([after.failure])
        await expect(store.patterns.list({ minConfidence: 2 })).rejects.toEqual(code('INVALID_ARGUMENT'))
        await expect(store.patterns.recordUse({ ...use, success: 1 as unknown as boolean })).rejects.toEqual(
          code('INVALID_ARGUMENT'),
        )
      })

      test('hold history and metrics, in stable pages', async () => {
        for (let i = 0; i < 5; i++) {
          await store.learningHistory.add({
            agentId: 'a',
            stateRepresentation: 's',
            action: `a${i}`,
            reward: i,
            episode: i,
          })
          await store.learningMetrics.add({ agentId: 'a', metricType: 'accuracy', metricValue: i, context: { i } })
        }
        await store.learningMetrics.add({ agentId: 'b', metricType: 'latency', metricValue: 7, baselineValue: 9 })
        const history = [0, 2, 4].map((offset) => store.learningHistory.list({ agentId: 'a', limit: 2, offset }))
        expect((await Promise.all(history)).flat().map(({ action }) => action)).toEqual(['a4', 'a3', 'a2', 'a1', 'a0'])
        const metrics = await store.learningMetrics.list({ agentId: 'a', metricType: 'accuracy', limit: 2, offset: 1 })
        expect(metrics.map(({ metricValue, context }) => [metricValue, context])).toEqual([
          [3, { i: 3 }],
          [2, { i: 2 }],
        ])
        expect(await store.learningMetrics.list({ limit: 1 })).toMatchObject([
          { agentId: 'b', metricType: 'latency', baselineValue: 9, improvementPercentage: null, context: null },
        ])
        const speed = { agentId: 'a', metricType: 'speed' as 'latency', metricValue: 1 }
        await expect(store.learningMetrics.add(speed)).rejects.toEqual(code('INVALID_ARGUMENT'))
        await expect(store.learningHistory.add({ agentId: 'a' } as never)).rejects.toEqual(code('INVALID_ARGUMENT'))
      })
    })

    describe('an agent', () => {
      const agentOf = (options: Partial<BaseAgentOptions> = {}): Doing =>
        doingAgent(classes.BaseAgent, { type: 'qe-test-generator', learning: { store }, ...options })

      const heard = (agent: EventTarget, names: readonly (keyof AgentEvents)[]): [string, unknown][] => {
        const events: [string, unknown][] = []
        for (const one of names)
          agent.addEventListener(one, (event) => events.push([one, (event as CustomEvent).detail]))
        return events
      }
      const HOOKS = ['hook.pre-task.completed', 'hook.post-task.completed', 'hook.task-error.completed'] as const
      const ALL = [...HOOKS, 'learning:training', 'learning:pattern_discovered'] as const

      test('learns from a task, and dispatches events', async () => {
        const agent = agentOf()
        const events = heard(agent, ALL)
        const task = { ...unitTests, id: 'task-1', does: () => ({ ...templateBased, tests: 12 }) }
        expect(await agent.executeTask(task)).toEqual({ ...templateBased, tests: 12 })
        expect(agent.steps).toEqual(['onPreTask', 'performTask', 'onPostTask'])
        expect(events.map(([one]) => one)).toEqual([HOOKS[0], 'learning:training', HOOKS[1]])
        const agentId = 'qe-test-generator'
        expect(events[1]?.[1]).toMatchObject({ agentId, task: { id: 'task-1' }, outcome: { learned: true } })
        expect(await store.experiences.list({ agentId })).toMatchObject([
          { taskId: 'task-1', taskType: 'test-generation', action: { strategy: 'template-based' }, terminated: true },
        ])
        expect(await store.values.list({ agentId })).toMatchObject([{ stateKey: STATE_KEY, actionKey: ACTION_KEY }])
      })

      test('learns from a task that throws, as a failure of the strategy in use', async () => {
        const agent = agentOf()
        const events = heard(agent, ALL)
        const does = (run: TaskRun): never => {
          run.use({ strategy: 'risky' })
          throw new Error('boom')
        }
        await expect(agent.executeTask({ ...unitTests, does })).rejects.toThrow('boom')
        expect(agent.steps).toEqual(['onPreTask', 'performTask', 'onTaskError'])
        expect(events.map(([one]) => one)).toEqual([HOOKS[0], 'learning:training', HOOKS[2]])
        const [value] = await store.values.list({ agentId: agent.id })
        expect([value?.action, (value?.value ?? 0) < 0]).toEqual([{ strategy: 'risky' }, true])
        expect(await agent.learning.getFailurePatterns()).toMatchObject([{ frequency: 1, rootCause: 'boom' }])
        expect(await agent.learning.getQLearningStats()).toMatchObject({ tasks: 1, successes: 0, successRate: 0 })
      })

      test('dispatches an event when a pattern is discovered, once', async () => {
        const agent = agentOf()
        const events = heard(agent, ['learning:pattern_discovered'])
        for (let i = 0; i < 7; i++) await agent.executeTask({ ...unitTests, does: () => templateBased })
        expect(events).toMatchObject([
          ['learning:pattern_discovered', { agentId: agent.id, pattern: { usageCount: 5, confidence: 0.55 } }],
        ])
      })

      test('chooses by its policy, and records the probability', async () => {
        const agent = agentOf({ learning: { store, explorationRate: 0 } })
        await agent.learning.learnFromExecution(unitTests, { strategy: 'good' })
        await agent.learning.learnFromExecution(unitTests, { strategy: 'bad', success: false })
        const task = {
          ...unitTests,
          does: (run: TaskRun) =>
            run.choose([{ strategy: 'bad' }, { strategy: 'good' }]).then(({ strategy }) => ({ chosen: strategy })),
        }
        expect(await agent.executeTask(task)).toEqual({ chosen: 'good' })
        expect((await store.experiences.list({ agentId: agent.id, limit: 1 }))[0]).toMatchObject({
          action: { strategy: 'good' },
          behaviorProbability: 1,
          actions: [{ strategy: 'bad' }, { strategy: 'good' }],
        })
      })

      test('reports errors of learning, which fail no task', async () => {
        const onLearningError = vi.fn()
        const agent = agentOf({ learning: { openStore: () => Promise.reject(new Error('no store')) }, onLearningError })
        expect(await agent.executeTask({ ...unitTests, does: () => 'done' })).toBe('done')
        await expect(
          agent.executeTask({ ...unitTests, does: () => Promise.reject(new TypeError('mine')) }),
        ).rejects.toThrow('mine')
        expect(
          await agent.executeTask({ ...unitTests, does: (run: TaskRun) => run.choose([{ strategy: 'a' }]) }),
        ).toEqual({
          strategy: 'a',
        })
        expect(onLearningError.mock.calls.map(([error]) => String(error))).toEqual(Array(4).fill('Error: no store'))
        expect(agent.steps.filter((step) => step === 'onPostTask')).toHaveLength(2)
      })

      test('reports a result that it cannot learn from, and returns it', async () => {
        const onLearningError = vi.fn()
        const agent = agentOf({ onLearningError })
        const result = { coverage: 85 }
        expect(await agent.executeTask({ ...unitTests, does: () => result })).toBe(result)
        expect(onLearningError).toHaveBeenCalledExactlyOnceWith(code('INVALID_ARGUMENT'))
        expect(await store.experiences.count()).toBe(0)
      })

      test('performs tasks without learning while learning is disabled', async () => {
        const agent = agentOf({ learning: { store, enabled: false } })
        const events = heard(agent, ALL)
        await agent.executeTask({ ...unitTests, does: () => templateBased })
        expect(events.map(([one]) => one)).toEqual([HOOKS[0], HOOKS[1]])
        expect(await store.experiences.count()).toBe(0)
      })

      test('learns from concurrent tasks separately', async () => {
        const agent = agentOf()
        const tasks = Array.from({ length: 20 }, (_, i) =>
          agent.executeTask({ ...unitTests, id: `t${i}`, does: () => ({ ...templateBased, success: i % 4 !== 0 }) }),
        )
        await Promise.all(tasks)
        expect(await agent.learning.getQLearningStats()).toMatchObject({ experiences: 20, tasks: 20, successes: 15 })
      })
    })
  })
}
