import { choose, type KeyedValue, toActionValue } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import type { PolicySettings, TabularPolicy } from '../algorithms/policies.ts'
import { isSeenOnce, type StateCount, usesSimilarStates } from '../algorithms/unseen-states.ts'
import { failedToLoad } from '../errors.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { StateValues } from '../learning/values.ts'
import type { PolicyCopy } from './policy-copy.ts'
import type { SimilarStates } from './similar-states.ts'

/** A copy of a table of values, by the keys of their states. */
export function valuesCopy(agentId: string): PolicyCopy {
  const values = new Map<string, readonly KeyedValue[]>()
  let settings: PolicySettings = {
    policy: 'epsilon-greedy',
    epsilon: 0,
    temperature: null,
    ucbScale: 0,
    initialValue: 0,
    rewardRange: null,
    rewardScale: null,
    learnedScale: null,
  }
  let similar: SimilarStates | undefined

  /** Whether states without values borrow those of similar ones, as in the store. */
  async function followSimilarStates({ unseenStates }: AgentStatus): Promise<void> {
    const isUsed = usesSimilarStates(unseenStates, () => countOf(values))
    if (!isUsed) similar = undefined
    else if (!similar) {
      const { similarStatesIn } = await import('./similar-states.ts').catch(failedToLoad('similar states'))
      similar = similarStatesIn(values)
    }
  }

  return {
    isModel: false,
    request: (stale) => ({
      on: 'values',
      method: 'listByState',
      args: [agentId, ...(stale === 'all' ? [] : [[...stale]])],
    }),
    async take(status, answer, stale) {
      settings = { ...status, policy: status.policy as TabularPolicy, epsilon: status.currentExplorationRate }
      if (stale === 'all') {
        values.clear()
        similar = undefined
      }
      for (const { stateKey, actions } of answer as readonly StateValues[]) values.set(stateKey, actions)
      await followSimilarStates(status)
      return true
    },
    selectAction(state, options, draw) {
      const known = values.get(keyOf(state, 'state')) ?? []
      const { actions } = options
      const usable = known.length === 0 && actions !== undefined && similar ? similar(state, actions) : known
      return choose(usable, options, settings, draw)
    },
    valuesOf: (state) => (values.get(keyOf(state, 'state')) ?? []).map(toActionValue),
  }
}

function countOf(values: ReadonlyMap<string, readonly KeyedValue[]>): StateCount {
  let once = 0
  for (const actions of values.values()) if (isSeenOnce(actions)) once++
  return { states: values.size, once }
}
