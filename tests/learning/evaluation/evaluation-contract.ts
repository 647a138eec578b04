import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drawIndex } from '../../../src/algorithms/exploration.ts'
import { type Random, seededRandom } from '../../../src/algorithms/random.ts'
import type {
  AsyncStore,
  Estimator,
  EvaluationOptions,
  Experience,
  PolicyFunction,
  TargetPolicy,
} from '../../../src/entry/node.ts'

/** The probabilities of a table in one state. */
function table(probabilities: { readonly [action: string]: number }, state = 's'): TargetPolicy {
  return {
    probabilities: Object.entries(probabilities).map(([action, probability]) => ({ state, action, probability })),
  }
}

/** What every client of a store promises of evaluating policies. */
export function evaluationContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`evaluating policies, ${name}`, () => {
    let store: AsyncStore
    const agentId = 'logger'
    beforeEach(async () => {
      store = await open()
      await store.agent(agentId, { discountFactor: 0.5 })
    })
    afterEach(() => store.close())

    /** Records decisions without learning from them. */
    const log = async (...decisions: readonly Partial<Experience>[]): Promise<void> => {
      for (const decision of decisions) {
        const experience = { state: 's', action: 'a', reward: 0, nextState: 's', ...decision }
        await store.experiences.add(agentId, experience)
      }
    }
    const refusal = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    describe('by hand', () => {
      // Chosen with .75 and .25; the policy wants .5 and .5: weights 2/3 and 2.
      const a = (reward: number): Partial<Experience> => ({ action: 'a', reward, behaviorProbability: 0.75 })
      const b = (reward: number): Partial<Experience> => ({ action: 'b', reward, behaviorProbability: 0.25 })
      const even = table({ a: 0.5, b: 0.5 })

      test('ips is the mean of weight times reward', async () => {
        await log(a(3), a(0), a(6), b(4))
        const found = await store.evaluatePolicy(even, { agentId, estimator: 'ips' })
        // Terms 2, 0, 4, 8: mean 3.5; squared differences 2.25 + 12.25 + .25 + 20.25 = 35, over 3 and 4.
        expect(found.value).toBeCloseTo(3.5, 12)
        expect(found.standardError).toBeCloseTo(Math.sqrt(35 / 12), 12)
        // 4.302653 is the 97.5 % point of Student's t with 2 degrees of freedom. Two more observations have the mean squared weight
        // 4/3 and the variance 6.25 of the rewards.
        const margin = 4.302653 * Math.sqrt(35 / 12 + (2 * (4 / 3) * 6.25) / 4 ** 2)
        expect(found.interval.lower).toBeCloseTo(3.5 - margin, 5)
        expect(found.interval.upper).toBeCloseTo(3.5 + margin, 5)
        // (3 * 2/3 + 2)^2 / (3 * 4/9 + 4).
        expect(found.effectiveSampleSize).toBeCloseTo(3, 12)
        expect(found).toMatchObject({ estimator: 'ips', decisions: 4, episodes: null, coverage: 1 })
      })

      test('snips divides by the sum of the weights', async () => {
        await log(a(3), a(0), b(4))
        // (2/3 * 3 + 2/3 * 0 + 2 * 4) / (10/3) = 3.
        expect((await store.evaluatePolicy(even, { agentId, estimator: 'snips' })).value).toBeCloseTo(3, 12)
      })

      test('dm is the mean reward of each action, weighted by the policy, and needs no propensities', async () => {
        const bare = [3, 0, 6].map((reward) => ({ action: 'a', reward }))
        await log(...bare, { action: 'b', reward: 4 })
        const found = await store.evaluatePolicy(even, { agentId, estimator: 'dm' })
        // (3 + 4) / 2. Its error: residuals without each decision 0, -4.5, 4.5 and 1, with weights 2/3, 2/3, 2/3 and 2.
        expect(found.value).toBeCloseTo(3.5, 12)
        expect(found.standardError).toBeCloseTo(Math.sqrt((0.5 ** 2 + 3.5 ** 2 + 2.5 ** 2 + 1.5 ** 2) / 12), 12)
        expect(found).toMatchObject({ decisions: 4, coverage: 1 })
      })

      test('dr corrects the error of a model of the other decisions', async () => {
        await log(a(3), a(1), b(4), b(8))
        const { value } = await store.evaluatePolicy(even, { agentId, estimator: 'dr' })
        // The model without each: a(3): a 1, b 6; a(1): a 3, b 6; b(4): a 2, b 8; b(8): a 2, b 4.
        const terms = [3.5 + (2 / 3) * 2, 4.5 - (2 / 3) * 2, 5 - 2 * 4, 3 + 2 * 4]
        expect(value).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 12)
      })

      test('dm uses the mean of the state for untried actions, and reports the coverage', async () => {
        await log(a(3), a(5), { ...b(100), state: 't' })
        const policy = {
          probabilities: [
            { state: 's', action: 'a', probability: 0.25 },
            { state: 's', action: 'new', probability: 0.75 },
            { state: 't', action: 'b', probability: 1 },
          ],
        }
        const found = await store.evaluatePolicy(policy, { agentId, estimator: 'dm' })
        expect(found.value).toBeCloseTo((4 + 4 + 100) / 3, 12)
        expect(found.coverage).toBeCloseTo(1 - (2 * 0.75) / 3, 12)
      })

      test('wis weights the return of each episode by the product of its ratios', async () => {
        // Interleaved as agents work in parallel. Ratios 2/3 and 2.
        await log(
          { ...a(1), episodeId: 'one' },
          { ...b(2), episodeId: 'two' },
          { ...b(4), episodeId: 'one', terminated: true },
          { ...b(6), episodeId: 'two', truncated: true },
          // An id that was used before, and an episode that still runs.
          { ...a(12), episodeId: 'two' },
        )
        const found = await store.evaluatePolicy(even, { agentId, estimator: 'wis' })
        // Discounted by the agent's .5: returns 1 + 2 = 3, 2 + 3 = 5 and 12; weights 4/3, 4 and 2/3.
        expect(found.value).toBeCloseTo(((4 / 3) * 3 + 4 * 5 + (2 / 3) * 12) / 6, 12)
        expect(found.effectiveSampleSize).toBeCloseTo(36 / (16 / 9 + 16 + 4 / 9), 12)
        expect(found).toMatchObject({ estimator: 'wis', decisions: 5, episodes: 3, coverage: 1 })
        const options = { agentId, estimator: 'wis', discountFactor: 0 } as const
        const first = await store.evaluatePolicy(even, options)
        expect(first.value).toBeCloseTo(((4 / 3) * 1 + 4 * 2 + (2 / 3) * 12) / 6, 12)
        // The newest two episodes.
        const two = await store.evaluatePolicy(even, { ...options, limit: 2 })
        expect(two).toMatchObject({ episodes: 2, decisions: 3 })
        expect(two.value).toBeCloseTo((4 * 2 + (2 / 3) * 12) / (4 + 2 / 3), 12)
      })

      test('a limit selects the newest decisions', async () => {
        await log(a(1000), b(4), a(3))
        const found = await store.evaluatePolicy(even, { agentId, estimator: 'ips', limit: 2 })
        expect(found.value).toBeCloseTo((2 * 4 + (2 / 3) * 3) / 2, 12)
        expect(found.decisions).toBe(2)
      })

      test('an empty list of available actions counts as not logged', async () => {
        await log({ ...a(3), actions: [] }, { ...b(4), actions: [] })
        const policy: PolicyFunction = (_, actions) => actions.map(() => 0.5)
        const found = await store.evaluatePolicy(policy, { agentId, estimator: 'ips' })
        expect(found.value).toBeCloseTo(((2 / 3) * 3 + 2 * 4) / 2, 12)
      })

      test('a log of many thousands of decisions is read completely, each once', async () => {
        const experiences = Array.from({ length: 10_001 }, (_, i): Experience => {
          return { state: i % 7, action: 'a', reward: i, terminated: true, behaviorProbability: 1 }
        })
        await (await store.agent(agentId)).learnMany(experiences)
        const policy: PolicyFunction = () => [1]
        const found = await store.evaluatePolicy(policy, { agentId, estimator: 'snips' })
        expect(found).toMatchObject({ value: 5000, decisions: 10_001 })
        const newest = await store.evaluatePolicy(policy, { agentId, estimator: 'snips', limit: 10_000 })
        expect(newest).toMatchObject({ value: 5000.5, decisions: 10_000 })
      })

      test('experiences of other agents do not count', async () => {
        await log(a(1), a(1))
        await store.agent('other')
        const theirs = { state: 's', action: 'a', reward: 9, nextState: 's', behaviorProbability: 0.5 }
        await store.experiences.add('other', theirs)
        const found = await store.evaluatePolicy(table({ a: 1 }), { agentId, estimator: 'snips' })
        expect(found).toMatchObject({ value: 1, decisions: 2 })
      })

      test('the same evaluation has the same result, bit for bit', async () => {
        await log(a(0.1), b(0.2), a(0.3), b(0.7))
        for (const estimator of ['ips', 'snips', 'dm', 'dr'] as const) {
          const first = await store.evaluatePolicy(even, { agentId, estimator })
          expect(await store.evaluatePolicy(even, { agentId, estimator })).toEqual(first)
        }
      })
    })

    describe('the policy of an agent', () => {
      beforeEach(async () => {
        const student = await store.agent('student', { learningRate: 1 })
        await student.learn({ state: 's', action: 'a', reward: 5, terminated: true })
        await student.learn({ state: 's', action: 'b', reward: 5, terminated: true })
        await student.learn({ state: 's', action: 'c', reward: -1, terminated: true })
      })
      const half = { behaviorProbability: 0.5, actions: ['a', 'c', 'd'] }
      const ips = (epsilon?: number): Promise<number> =>
        store
          .evaluatePolicy(epsilon === undefined ? { agentId: 'student' } : { agentId: 'student', epsilon }, {
            agentId,
            estimator: 'ips',
          })
          .then(({ value }) => value)

      test('takes the best available action', async () => {
        await log({ action: 'a', reward: 6, ...half }, { action: 'c', reward: 9, ...half })
        // a with 1, c never: weights 2 and 0.
        expect(await ips()).toBe(6)
        // a with .9 + .1/3, c with .1/3.
        expect(await ips(0.1)).toBeCloseTo((2 * (0.9 + 0.1 / 3) * 6 + 2 * (0.1 / 3) * 9) / 2, 12)
      })

      test('breaks ties uniformly, and values unknown actions at 0', async () => {
        const behaviorProbability = 0.5
        // a and b at 5, both tried here; c too.
        await log({ action: 'a', reward: 6, behaviorProbability }, { action: 'b', reward: 2, behaviorProbability })
        expect(await ips()).toBe((1 * 6 + 1 * 2) / 2)
        // d is worth 0 to it, c -1.
        const actions = ['c', 'd']
        await log({ action: 'd', reward: 6, behaviorProbability, actions })
        expect(await ips()).toBeCloseTo((6 + 2 + 2 * 6) / 3, 12)
      })

      test('is evaluated on its own experiences by default', async () => {
        await expect(store.evaluatePolicy({ agentId: 'student' }, { estimator: 'dm' })).resolves.toMatchObject({
          value: 5,
          decisions: 3,
        })
      })

      test('evaluated on its own log has the mean of its rewards', async () => {
        const player = await store.agent('player', { explorationRate: 0.25 })
        const actions = ['left', 'right', 'up']
        await player.learn({ state: 1, action: 'up', reward: 1, terminated: true })
        const { currentExplorationRate: epsilon } = await player.status()
        const rewards: number[] = []
        for (let i = 0; i < 64; i++) {
          const state = i % 2
          const { action, probability } = await player.selectAction(state, { actions })
          const reward = (i * 7) % 16
          rewards.push(reward)
          await log({ state, action, reward, actions, behaviorProbability: probability })
        }
        const mean = rewards.reduce((sum, reward) => sum + reward, 0) / 64
        const policy = { agentId: 'player', epsilon }
        const found = await store.evaluatePolicy(policy, { agentId, estimator: 'ips' })
        // Every weight is exactly 1; running means round in the last storages.
        expect(found.value).toBeCloseTo(mean, 13)
        expect(found.effectiveSampleSize).toBe(64)
        expect((await store.evaluatePolicy(policy, { agentId, estimator: 'snips' })).value).toBe(mean)
      })
    })

    describe('a policy that is a function', () => {
      const behaviorProbability = 0.5

      test('is called once for each situation, and evaluated by its results', async () => {
        await log(
          { state: { x: 1 }, action: 'b', reward: 2, behaviorProbability },
          { state: { x: 1 }, action: 'a', reward: 4, behaviorProbability },
          { state: { x: 1 }, action: 'a', reward: 4, behaviorProbability },
          { state: 't', action: 'a', reward: 8, behaviorProbability, actions: ['z', 'a'] },
          { state: 't', action: 'a', reward: 8, behaviorProbability, actions: ['a'] },
        )
        const asked: unknown[] = []
        const policy: PolicyFunction = (state, actions) => {
          asked.push([state, actions])
          return actions.map((action) => (actions.length === 1 ? 1 : action === 'a' ? 0.25 : 0.75))
        }
        const found = await store.evaluatePolicy(policy, { agentId, estimator: 'ips' })
        expect(asked).toEqual([
          [{ x: 1 }, ['a', 'b']],
          ['t', ['z', 'a']],
          ['t', ['a']],
        ])
        expect(found.value).toBeCloseTo((1.5 * 2 + 0.5 * 4 + 0.5 * 4 + 0.5 * 8 + 2 * 8) / 5, 12)
        expect(found.decisions).toBe(5)
      })

      test('agrees with the same policy as a table, for every estimator', async () => {
        const policy: PolicyFunction = (_, actions) => actions.map((action) => (action === 'a' ? 0.75 : 0.25))
        const logged = { behaviorProbability, actions: ['b', 'a'] }
        await log(
          { ...logged, action: 'a', reward: 1, episodeId: 'e' },
          { ...logged, action: 'b', reward: 2, episodeId: 'e', terminated: true },
          { ...logged, action: 'b', reward: 3, episodeId: 'f' },
        )
        for (const estimator of ['ips', 'snips', 'dm', 'dr', 'wis'] as const) {
          const options = { agentId, estimator, limit: 2 }
          const expected = await store.evaluatePolicy(table({ a: 0.75, b: 0.25 }), options)
          expect(await store.evaluatePolicy(policy, options)).toEqual(expected)
        }
      })

      test('is evaluated on the log at the time it was called', async () => {
        await log({ reward: 1, behaviorProbability })
        const recorded: Promise<unknown>[] = []
        const options: EvaluationOptions = { agentId, estimator: 'snips' }
        const policy: PolicyFunction = () => {
          Object.assign(options, { estimator: 'none' })
          recorded.push(log({ state: 'new', reward: 9, behaviorProbability }))
          return [1]
        }
        const found = await store.evaluatePolicy(policy, options)
        await Promise.all(recorded)
        expect(await store.experiences.count({ agentId })).toBe(2)
        expect(found).toMatchObject({ value: 1, decisions: 1 })
      })

      test.each<[string, unknown, string]>([
        ['too few', [1], '2 probabilities, one for each action, got 1'],
        ['a sum that is not 1', [0.5, 0.4], 'probabilities with the sum 1, got 0.9'],
        ['less than 0', [1.5, -0.5], 'finite probabilities of at least 0, got -0.5'],
        ['NaN', [Number.NaN, 1], 'finite probabilities of at least 0, got NaN'],
        ['no list', Promise.resolve([1, 0]), 'the result of the policy to be a list'],
      ])('that answers %s is refused', async (_, answer, message) => {
        await log({ action: 'a', behaviorProbability }, { action: 'b', behaviorProbability })
        const policy = (() => answer) as PolicyFunction
        await expect(store.evaluatePolicy(policy, { agentId, estimator: 'ips' })).rejects.toEqual(refusal(message))
      })

      test('that throws rejects with its error', async () => {
        await log({ behaviorProbability })
        const failure = new Error('no model')
        const policy: PolicyFunction = () => {
          throw failure
        }
        await expect(store.evaluatePolicy(policy, { agentId, estimator: 'ips' })).rejects.toBe(failure)
      })

      test('is called again by a live query after new experiences', async () => {
        await log({ reward: 1, behaviorProbability })
        const policy: PolicyFunction = () => [1]
        const seen: number[] = []
        await new Promise<void>((resolve) => {
          const subscription = store.live(
            ({ evaluatePolicy }) => evaluatePolicy(policy, { agentId, estimator: 'snips' }),
            ({ value }) => {
              seen.push(value)
              if (seen.length === 1) return void log({ reward: 3, behaviorProbability })
              subscription.unsubscribe()
              resolve()
            },
          )
        })
        expect(seen).toEqual([1, 2])
      })
    })

    describe('a known bandit', () => {
      // Arms by state pay 1 with these probabilities; the policy takes the last arm with .7 and the others with .15.
      const pays: { readonly [state: string]: readonly number[] } = { low: [0.1, 0.3, 0.5], high: [0.8, 0.6, 0.2] }
      const wanted = [0.15, 0.15, 0.7]
      const arms = [0, 1, 2]
      const policy: PolicyFunction = (_, actions) => actions.map((action) => wanted[action as number] ?? 0)
      // States are drawn with .5: .5 (.015 + .045 + .35) + .5 (.12 + .09 + .14).
      const truth = 0.5 * 0.41 + 0.5 * 0.35

      test.each([
        ['uniformly', [1 / 3, 1 / 3, 1 / 3]],
        ['epsilon-greedily', [0.6, 0.2, 0.2]],
      ])(
        'logged %s is estimated within 4 standard errors, and intervals cover it as often as they should',
        async (_, behavior) => {
          const random = seededRandom(20240607, 'bandit')
          const covered = new Map<Estimator, number>()
          const variances = new Map<Estimator, number>()
          for (let run = 0; run < 20; run++) {
            const logger = await store.agent(`logger-${run}`)
            await logger.learnMany(Array.from({ length: 300 }, (_, i) => played(random, behavior, `episode-${i}`)))
            for (const estimator of ['ips', 'snips', 'dm', 'dr', 'wis'] as const) {
              const options = { agentId: logger.id, estimator }
              const { value, standardError, interval } = await store.evaluatePolicy(policy, options)
              expect(Math.abs(value - truth), estimator).toBeLessThan(4 * standardError)
              if (interval.lower < truth && truth < interval.upper)
                covered.set(estimator, 1 + (covered.get(estimator) ?? 0))
              variances.set(estimator, standardError ** 2 + (variances.get(estimator) ?? 0))
            }
          }
          // Of 20 intervals of 95 % fewer than 16 cover it in 3 of 10,000 such tests (binomial).
          for (const [estimator, count] of covered) expect(count, estimator).toBeGreaterThanOrEqual(16)
          expect(covered.size).toBe(5)
          // An interval that is always too wide would cover it too: a model must help.
          expect(variances.get('dr')).toBeLessThan(variances.get('ips') ?? 0)
          expect(variances.get('dm')).toBeLessThan(variances.get('ips') ?? 0)
        },
      )

      function played(random: Random, behavior: readonly number[], episodeId: string): Experience {
        const state = random.next() < 0.5 ? 'low' : 'high'
        const arm = drawIndex(behavior, random.next())
        const reward = random.next() < (pays[state]?.[arm] ?? 0) ? 1 : 0
        return {
          state,
          action: arm,
          reward,
          terminated: true,
          episodeId,
          actions: arms,
          behaviorProbability: behavior[arm] ?? 0,
        }
      }
    })

    test('dr is not misled by a state that was logged once', async () => {
      // In each state b pays 1 and a pays 0; a was chosen in every second, and the policy wants only b.
      const experiences = Array.from({ length: 200 }, (_, i): Experience => {
        const action = i % 2 === 0 ? 'a' : 'b'
        return {
          state: i,
          action,
          reward: i % 2,
          terminated: true,
          actions: ['a', 'b'],
          behaviorProbability: 0.5,
        }
      })
      await (await store.agent(agentId)).learnMany(experiences)
      const policy: PolicyFunction = () => [0, 1]
      const { value } = await store.evaluatePolicy(policy, { agentId, estimator: 'dr' })
      expect(value).toBeCloseTo(1, 1)
    })

    describe('refuses', () => {
      const logged = { behaviorProbability: 0.5, actions: ['a', 'b'] }
      const ips: EvaluationOptions = { agentId, estimator: 'ips' }
      const sure = table({ a: 1 })

      test('a log without propensities, and reports how many are missing', async () => {
        await log(logged, {}, {}, logged, {})
        for (const estimator of ['ips', 'snips', 'dr'] as const) {
          await expect(store.evaluatePolicy(sure, { agentId, estimator })).rejects.toEqual(
            refusal('Expected a behaviorProbability with every logged decision'),
          )
          await expect(store.evaluatePolicy(sure, { agentId, estimator })).rejects.toEqual(
            refusal('got none with 3 of 5'),
          )
        }
        await expect(store.evaluatePolicy(sure, { ...ips, limit: 2 })).rejects.toEqual(refusal('1 of 2'))
      })

      test('to evaluate episodes of experiences without an episode id', async () => {
        await log({ ...logged, episodeId: 'e' }, logged)
        await expect(store.evaluatePolicy(sure, { agentId, estimator: 'wis' })).rejects.toEqual(
          refusal('Expected an episodeId with every logged experience, got none with 1 of 2'),
        )
      })

      test('an empty log', async () => {
        await expect(store.evaluatePolicy(sure, ips)).rejects.toEqual(refusal(`of agent "${agentId}", got none`))
        await expect(store.evaluatePolicy(() => [1], ips)).rejects.toEqual(refusal('got none'))
      })

      test('a policy without overlap with the log', async () => {
        await log(logged, logged)
        for (const estimator of ['ips', 'snips', 'dr'] as const) {
          await expect(store.evaluatePolicy(table({ b: 1 }), { agentId, estimator })).rejects.toEqual(
            refusal('chooses something that was logged'),
          )
        }
      })

      test('a table without a logged state, and names the first', async () => {
        await log(logged, { ...logged, state: { day: 'Monday' } }, { ...logged, state: 'u' })
        await expect(store.evaluatePolicy(sure, ips)).rejects.toEqual(refusal('got none for "day:Monday"'))
      })

      test('a table with an action that was not available', async () => {
        await log({ ...logged, actions: ['a', 'c'] })
        const policy = table({ a: 0.5, b: 0.5 })
        await expect(store.evaluatePolicy(policy, ips)).rejects.toEqual(
          refusal('the policy in state "s" to be among the available actions of the log, got "b"'),
        )
      })

      test('rewards whose mean overflows', async () => {
        const huge = { reward: Number.MAX_VALUE, behaviorProbability: 0.1 }
        await log(huge, huge)
        await expect(store.evaluatePolicy(sure, ips)).rejects.toEqual(refusal('keep the value finite'))
      })

      test.each<[string, unknown, string]>([
        ['nothing', undefined, 'the policy to be an object with an agentId or with probabilities'],
        ['a text', 'greedy', 'the policy to be an object'],
        ['an unknown agent', { agentId: 'nobody' }, 'an agent of this store, got "nobody"'],
        ['a rate above 1', { agentId, epsilon: 2 }, 'epsilon to be a number from 0 to 1, got 2'],
        ['a misspelled rate', { agentId, eps: 0.1 }, 'got eps'],
        ['a sum below 1', table({ a: 0.9 }), 'the policy in state "s" to be probabilities with the sum 1, got 0.9'],
        ['less than 0', table({ a: 2, b: -1 }), 'probability to be a number from 0'],
        ['NaN', table({ a: Number.NaN }), 'got NaN'],
        ['an action twice', { probabilities: Array(2).fill({ state: 's', action: 'a', probability: 0.5 }) }, 'once'],
        ['no list', { probabilities: {} }, 'the probabilities of the policy to be a list'],
      ])('%s as a policy', async (_, policy, message) => {
        await log(logged)
        await expect(store.evaluatePolicy(policy as TargetPolicy, ips)).rejects.toEqual(refusal(message))
      })

      test.each<[object | undefined, string]>([
        [undefined, 'the options of an evaluation to be an object'],
        [{ agentId }, 'estimator to be one of ips, snips, dm, dr, wis, got undefined'],
        [{ estimator: 'ips' }, 'agentId to be a non-empty string, got undefined'],
        [{ estimator: 'ips', agentId: 'nobody' }, 'an agent of this store'],
        [{ estimator: 'ips', agentId, discountFactor: 0.9 }, 'discountFactor to be given for the estimator wis alone'],
        [{ estimator: 'wis', agentId, discountFactor: 1.1 }, 'discountFactor to be a number from 0 to 1'],
        [{ estimator: 'ips', agentId, limit: 0 }, 'limit to be an integer of at least 1, got 0'],
        [{ estimator: 'ips', agentId, last: 5 }, 'got last'],
      ])('%j as options', async (options, message) => {
        await log(logged)
        await expect(store.evaluatePolicy(sure, options as EvaluationOptions)).rejects.toEqual(refusal(message))
        await expect(store.evaluatePolicy(() => [1, 0], options as EvaluationOptions)).rejects.toEqual(refusal(message))
      })

      test('without changing anything, as all evaluations', async () => {
        await log(logged)
        const { sequence } = await store.status()
        await store.evaluatePolicy(sure, ips)
        await expect(store.evaluatePolicy(table({ a: 2 }), ips)).rejects.toThrow()
        expect((await store.status()).sequence).toBe(sequence)
      })
    })
  })
}
