import { isLinear } from '../algorithms/algorithms.ts'
import { invalid } from '../checks.ts'
import type { AsyncAgent, AsyncStore } from '../client/async-store.ts'

/** An agent that the store has, and whether it learns a linear model. */
export interface ExistingAgent {
  readonly agent: AsyncAgent
  readonly isLinear: boolean
}

/** Opens an agent without creating it, so that a misspelled id in a reading tool leaves nothing behind. @throws INVALID_ARGUMENT */
export async function existingAgent(store: AsyncStore, agentId: string): Promise<ExistingAgent> {
  const known = await store.agents.get(agentId)
  if (!known) throw invalid('agentId', 'the id of an agent of this store (see list_agents)', agentId)
  return { agent: await store.agent(agentId), isLinear: isLinear(known.algorithm) }
}
