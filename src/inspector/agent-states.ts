import { isLinear } from '../algorithms/algorithms.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import type { Queries } from '../client/async-store.ts'
import type { JsonValue } from '../json-value.ts'
import type { StateValues } from '../learning/values.ts'

/** The states of an agent, with the values of actions in them. */
export interface AgentStates {
  readonly id: string
  /** Whether a linear model predicts the values: it has them for any state. */
  readonly isPredicted: boolean
  readonly states: readonly StateValues[]
}

/** Number of experiences whose states are shown for an agent with a linear model. */
const NEWEST = 100

/** The states in which an agent has values; of an agent with a linear model, those of its newest experiences. */
export async function statesOf(queries: Queries, id: string): Promise<AgentStates> {
  const { algorithm } = await queries.agentStatus(id)
  if (!isLinear(algorithm)) return { id, isPredicted: false, states: await queries.values.listByState(id) }
  const newest = await queries.experiences.list({ agentId: id, limit: NEWEST })
  const byKey = new Map<string, JsonValue>(newest.map(({ state }) => [keyOf(state), state]))
  const values = await queries.values.getMany(id, [...byKey.values()])
  const states = [...byKey.keys()].map((stateKey, i) => ({
    stateKey,
    actions: (values[i] ?? []).map(({ action, value, visits }) => ({ actionKey: keyOf(action), value, visits })),
  }))
  return { id, isPredicted: true, states }
}
