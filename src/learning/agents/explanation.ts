import { isLinear } from '../../algorithms/algorithms.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { Contribution } from '../../algorithms/linear/contribution.ts'
import { checkCount, checkOptions } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Core } from '../core/core.ts'

/** Options of `agent.explain`. */
export interface ExplainOptions<Action = JsonValue> {
  /** The action to explain. @default the one with the greatest predicted value of those that were tried */
  readonly action?: Action
  /** Maximum number of features. @default 10 */
  readonly limit?: number
}

/** Why a linear model values an action in a state as it does. */
export interface Explanation<Action = JsonValue> {
  /** The explained action; null if none was given or tried. */
  readonly action: Action | null
  /** The predicted reward of the action, in the unit of the rewards. */
  readonly value: number
  /** What each feature adds to it, the largest first. For rewards in [0, 1] the algorithm `linear` adds logits. */
  readonly contributions: readonly Contribution[]
}

/** @throws INVALID_ARGUMENT, UNSUPPORTED */
export function explanationFor(core: Core, agentId: string, state: JsonValue, options: ExplainOptions): Explanation {
  keyOf(state, 'state')
  const { action, limit = 10 } = checkOptions(options, 'the options', ['action', 'limit'])
  const given = action === undefined ? undefined : [keyOf(action, 'action')]
  checkCount(limit, 'limit', 0)
  const learner = core.learners.get(agentId)
  if (!isLinear(learner.algorithm)) {
    const expected = 'Expected an agent with a linear model, whose features can be explained'
    throw new StoreError('UNSUPPORTED', `${expected}, got "${agentId}" with ${learner.algorithm}`)
  }
  const [best] = core
    .linear()
    .predictions(learner, state, given)
    .toSorted((a, b) => b.value - a.value)
  if (!best) return { action: null, value: 0, contributions: [] }
  const { actionKey, value } = best
  const contributions = core.linear().explain(learner, state, actionKey, limit)
  return { action: action ?? parseKey(actionKey), value, contributions }
}
