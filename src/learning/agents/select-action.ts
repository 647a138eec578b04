import { isLinear } from '../../algorithms/algorithms.ts'
import { type Choice, choose, type KeyedValue, type SelectOptions } from '../../algorithms/choice.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Core } from '../core/core.ts'
import { policyOf } from '../core/learners.ts'
import type { LazyModules } from '../lazy-modules.ts'

/** Chooses an action by the policy of an agent. @throws INVALID_ARGUMENT */
export function selectAction(
  core: Core,
  lazyModules: LazyModules,
  agentId: string,
  state: JsonValue,
  options: SelectOptions,
): Choice {
  const stateKey = keyOf(state, 'state')
  const learner = core.learners.get(agentId)
  const draw = (): number => {
    core.learners.changed(learner)
    return learner.random.next()
  }
  if (isLinear(learner.algorithm)) return core.linear().choose(learner, state, options, draw)
  /** The values to choose by: those of the state, or of similar ones if it has none. */
  const valuesFor = (): readonly KeyedValue[] => {
    const known = core.valueCache.of(agentId, stateKey)
    if (known.length > 0 || options.actions === undefined || !core.usesSimilarStates(agentId)) return known
    return lazyModules.get('recommendation').valuesOfSimilarStates(core, agentId, state, options.actions)
  }
  return choose(valuesFor(), options, policyOf(learner), draw)
}
