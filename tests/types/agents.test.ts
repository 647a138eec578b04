import { expectTypeOf, test } from 'vitest'
import { type AsyncAgent, type AsyncStore, type JsonValue, openLearningStore } from '../../src/entry/node.ts'
import type { LearningStore } from '../../src/learning/learning-store.ts'

/** An interface has no index signature, so that it is no `JsonValue`. */
interface Request {
  readonly pages: number
  readonly task?: 'summarize' | 'translate'
  readonly history: readonly { readonly model: string | null }[]
}
type Model = 'small-model' | 'large-model'

const state: Request = { pages: 12, history: [{ model: null }] }

/** Only compiled: it would not run. */
function compiled(_: (store: never) => unknown): void {}

test('the states and actions of an agent have the types that it was opened with', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent<Request, Model>('router')
  expectTypeOf(agent).toEqualTypeOf<AsyncAgent<Request, Model>>()

  const choice = await agent.selectAction(state, { actions: ['small-model', 'large-model'] })
  expectTypeOf(choice.action).toEqualTypeOf<Model>()
  expectTypeOf(choice.values[0]?.action).toEqualTypeOf<Model | undefined>()
  await agent.learn({ state, action: choice.action, reward: 1, nextState: state, nextActions: ['small-model'] })
  await agent.learnMany([{ state, action: 'small-model', reward: 0, terminated: true }])
  await agent.learnFromExecution({ state, action: 'large-model', reward: 1, success: true })

  const decided = await agent.decide(state, { actions: ['small-model', 'large-model'] })
  expectTypeOf(decided.action).toEqualTypeOf<Model>()
  await agent.reward(decided.id, 1, { nextState: state, nextActions: ['large-model'] })
  const [recorded] = await agent.decisions.list()
  expectTypeOf(recorded?.state).toEqualTypeOf<Request | undefined>()
  expectTypeOf(recorded?.action).toEqualTypeOf<Model | undefined>()

  const best = await agent.recommend(state)
  expectTypeOf(best.action).toEqualTypeOf<Model | null>()
  expectTypeOf(best.alternatives[0]?.action).toEqualTypeOf<Model | undefined>()
  expectTypeOf(agent.explain).parameter(0).toEqualTypeOf<Request>()

  const [newest] = await agent.experiences.list({ limit: 1 })
  expectTypeOf(newest?.state).toEqualTypeOf<Request | undefined>()
  expectTypeOf(newest?.actions).toEqualTypeOf<readonly Model[] | null | undefined>()
  const [value] = await agent.values.get(state)
  expectTypeOf(value?.action).toEqualTypeOf<Model | undefined>()

  using policy = await agent.policy({ seed: 1 })
  expectTypeOf(policy.selectAction(state).action).toEqualTypeOf<Model>()
  expectTypeOf(policy.valuesOf(state)[0]?.action).toEqualTypeOf<Model | undefined>()

  compiled(async () => {
    // @ts-expect-error: not one of the actions.
    await agent.selectAction(state, { actions: ['medium-model'] })
    // @ts-expect-error: not a state of this agent.
    await agent.recommend({ page: 12 })
    // @ts-expect-error: not one of the actions.
    await agent.decide(state, { actions: ['medium-model'] })
    // @ts-expect-error: not a state of this agent.
    await agent.reward(decided.id, 1, { nextState: 'long' })
    // @ts-expect-error: not an action of this agent.
    await agent.learn({ state, action: 'medium-model', reward: 1 })
    // @ts-expect-error: not a state of this agent.
    policy.valuesOf('long')
  })
})

test('the actions of a call are those that it returns, where the agent has no types', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent('router')
  expectTypeOf(agent).toEqualTypeOf<AsyncAgent>()
  const actions = ['queue', 'reject'] as const

  const { action } = await agent.selectAction('busy', { actions })
  expectTypeOf(action).toEqualTypeOf<'queue' | 'reject'>()
  await agent.learn({ state: 'busy', action, reward: 1, terminated: true, actions })
  expectTypeOf((await agent.decide('busy', { actions })).action).toEqualTypeOf<'queue' | 'reject'>()
  const best = await agent.recommend('busy', { actions })
  expectTypeOf(best.action).toEqualTypeOf<'queue' | 'reject' | null>()
  using policy = await agent.policy()
  expectTypeOf(policy.selectAction('busy', { actions }).action).toEqualTypeOf<'queue' | 'reject'>()

  const names: string[] = [...actions]
  expectTypeOf((await agent.selectAction('busy', { actions: names })).action).toEqualTypeOf<string>()
  const objects = [{ strategy: 'parallel' }]
  expectTypeOf((await agent.selectAction('busy', { actions: objects })).action).toEqualTypeOf<{ strategy: string }>()
  expectTypeOf((await agent.selectAction('busy')).action).toEqualTypeOf<JsonValue>()
  expectTypeOf((await agent.selectAction('busy', { greedy: true })).action).toEqualTypeOf<JsonValue>()
})

test('a call may offer some of the actions of its agent', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent<Request, Model>('router')
  const { action } = await agent.selectAction(state, { actions: ['small-model'] })
  expectTypeOf(action).toEqualTypeOf<'small-model'>()
})

test('the synchronous store has the same types', () => {
  compiled((store: LearningStore) => {
    const agent = store.agent<Request, Model>('router')
    expectTypeOf(agent.selectAction(state).action).toEqualTypeOf<Model>()
    expectTypeOf(agent.decide(state).action).toEqualTypeOf<Model>()
    expectTypeOf(agent.recommend(state).action).toEqualTypeOf<Model | null>()
    expectTypeOf(agent.selectAction(state, { actions: ['small-model'] as const }).action).toEqualTypeOf<'small-model'>()
    // @ts-expect-error: not an action of this agent.
    agent.learn({ state, action: 'medium-model', reward: 1 })
    // @ts-expect-error: a Date.
    store.agent<Date>('router')
  })
})

test('states and actions are JSON data', () => {
  compiled(async (store: AsyncStore) => {
    await store.agent<Request | null, Model | { readonly name: Model } | readonly [number, number]>('router')
    await store.agent<readonly Request[], number>('router')
    await store.agent<string & { readonly brand: 'id' }, boolean>('router')
    // @ts-expect-error: a Date.
    await store.agent<{ readonly when: Date }>('router')
    // @ts-expect-error: a Date that may be left out.
    await store.agent<{ readonly when?: Date }>('router')
    // @ts-expect-error: a function.
    await store.agent<{ readonly run: () => void }>('router')
    // @ts-expect-error: a Map.
    await store.agent<ReadonlyMap<string, string>>('router')
    // @ts-expect-error: a Set as an action.
    await store.agent<Request, ReadonlySet<string>>('router')
    // @ts-expect-error: a symbol.
    await store.agent<symbol>('router')
    // @ts-expect-error: a bigint, deep inside.
    await store.agent<{ readonly list: readonly { readonly id: bigint | number }[] }>('router')
    // @ts-expect-error: a promise.
    await store.agent<Promise<Request>>('router')
    // @ts-expect-error: bytes.
    await store.agent<{ readonly image: Uint8Array }>('router')
    // @ts-expect-error: nothing is known of it.
    await store.agent<{ readonly more: unknown }>('router')
    // @ts-expect-error: undefined in a list.
    await store.agent<readonly (string | undefined)[]>('router')
  })
})

test('a function that is evaluated may name the types of its states and actions', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const agent = await store.agent<Request, Model>('router')
  const logged = { state, action: 'small-model', terminated: true, behaviorProbability: 0.5 } as const
  await agent.learn({ ...logged, reward: 1, actions: ['small-model', 'large-model'] })
  const first = (_: Request, actions: readonly Model[]): number[] => actions.map((_, i) => (i === 0 ? 1 : 0))
  await store.evaluatePolicy(first, { agentId: 'router', estimator: 'ips' })
  await store.evaluatePolicy(
    (logged, actions) => {
      expectTypeOf(logged).toEqualTypeOf<JsonValue>()
      return actions.map((_, i) => (i === 0 ? 1 : 0))
    },
    { agentId: 'router', estimator: 'ips' },
  )
})

test('a live query takes an interface, and returns the actions that it offers', () => {
  compiled((store: AsyncStore) =>
    store.live(
      (queries) => queries.recommend('router', state, { actions: ['small-model', 'large-model'] as const }),
      ({ action }) => expectTypeOf(action).toEqualTypeOf<Model | null>(),
    ),
  )
})
