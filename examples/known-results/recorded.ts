import type { AsyncAgent, AsyncStore, LearnerConfiguration, PlanOptions } from 'learning-store'
import type { TabularEnvironment } from '../environments/tabular.ts'

/** The relative frequencies with which a policy takes the actions of a state, as whole numbers. */
type Weights = (state: number) => readonly number[]

/** An agent with every transition of an environment at its published frequency, whose values are planned. */
export async function planned(
  store: AsyncStore,
  environment: TabularEnvironment,
  configuration: Partial<LearnerConfiguration>,
  options: PlanOptions = {},
): Promise<AsyncAgent> {
  const agent = await store.agent('planner', configuration)
  const { states, actionNames } = environment
  await Promise.all(
    Array.from({ length: states }, (_, state) =>
      actionNames.map((action, a) => record(store, agent, environment, state, a, action, 1)),
    ).flat(),
  )
  await agent.plan(options)
  return agent
}

/** The same for a fixed policy: all actions of a state are recorded as one, so that the values are those of the policy. */
export async function followed(
  store: AsyncStore,
  environment: TabularEnvironment,
  weights: Weights,
  options: PlanOptions = {},
): Promise<AsyncAgent> {
  const agent = await store.agent('follower', { discountFactor: 1 })
  const { states, actionNames } = environment
  for (let state = 0; state < states; state++) {
    const counts = weights(state)
    await Promise.all(actionNames.map((_, a) => record(store, agent, environment, state, a, 'follow', counts[a] ?? 0)))
  }
  await agent.plan(options)
  return agent
}

async function record(
  store: AsyncStore,
  agent: AsyncAgent,
  environment: TabularEnvironment,
  state: number,
  a: number,
  action: string,
  weight: number,
): Promise<void> {
  const transitions = environment.transitions(state, a)
  const least = Math.min(...transitions.map(({ probability }) => probability))
  for (const { probability, nextState, reward, terminated } of transitions) {
    const experience = { state, action, reward, nextState, terminated }
    const times = weight * Math.round(probability / least)
    await Promise.all(Array.from({ length: times }, () => store.experiences.add(agent.id, experience)))
  }
}

/** The learned value of a state; NaN if there is none. */
export async function stateValue(store: AsyncStore, agent: AsyncAgent, state: number): Promise<number> {
  const values = (await store.values.get(agent.id, state)).map(({ value }) => value)
  return values.length === 0 ? Number.NaN : Math.max(...values)
}

/** For each state and action, whether the action is one of the best, within rounding. */
export async function bestActions(
  store: AsyncStore,
  agent: AsyncAgent,
  { states, actionNames }: TabularEnvironment,
): Promise<readonly (readonly boolean[])[]> {
  const all = await store.values.getMany(
    agent.id,
    Array.from({ length: states }, (_, state) => state),
  )
  return all.map((known) => {
    const values = actionNames.map((name) => known.find(({ action }) => action === name)?.value ?? 0)
    const best = Math.max(...values)
    return values.map((value) => best - value <= 1e-6)
  })
}
