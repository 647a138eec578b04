import { keysOf } from '../../algorithms/choice.ts'
import { remembered } from '../../algorithms/forgetting-outcomes.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import {
  addTransitions,
  NOTHING_COUNTED,
  type Outcome,
  type TransitionCounts,
} from '../../algorithms/transition-counts.ts'
import { type OfferedKeys, valueIteration } from '../../algorithms/value-iteration.ts'
import { checkCount, checkLearned, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { twinsSharing } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { tabular } from '../core/learner-combinations.ts'
import type { Learner } from '../core/learners.ts'
import { transitionOf } from '../core/transition.ts'

/** Options of `agent.plan`. */
export interface PlanOptions {
  /** Stop when no sweep changes the value of a state by more than this, in the unit of the rewards. Default: 1e-10. */
  readonly tolerance?: number
  /** Maximum number of sweeps. n sweeps give the values of a horizon of n + 1 steps. Default: 10,000. */
  readonly maxSweeps?: number
  /** Compute the values of the best epsilon-greedy policy with this rate, in [0, 1]. Default: 0, the optimal policy. */
  readonly epsilon?: number
  /** Use only this many of the agent's newest experiences, at least 1. Default: all. */
  readonly newest?: number
}

/** Result of planning. */
export interface PlanResult {
  /** Number of states with planned values. */
  readonly states: number
  /** Number of sweeps over all states. */
  readonly sweeps: number
  /** False if `maxSweeps` was reached before the values converged; without discount they may grow without bound. */
  readonly converged: boolean
}

export type CheckedPlan = Required<Omit<PlanOptions, 'newest'>> & Pick<PlanOptions, 'newest'>

/** @throws INVALID_ARGUMENT */
export function checkPlan(options: PlanOptions = {}): CheckedPlan {
  const given = checkOptions(options, 'the options of a plan', ['tolerance', 'maxSweeps', 'epsilon', 'newest'])
  return {
    tolerance: checkNumber(given.tolerance ?? 1e-10, 'tolerance', 0, Number.MAX_VALUE),
    maxSweeps: checkCount(given.maxSweeps ?? 10_000, 'maxSweeps', 1),
    epsilon: checkNumber(given.epsilon ?? 0, 'epsilon', 0, 1),
    ...(given.newest === undefined ? {} : { newest: checkCount(given.newest, 'newest', 1) }),
  }
}

/**
 * Plans by value iteration over the sums of all experiences that the agent ever recorded, pruned ones included. With `newest`, or if
 * its model forgets (`modelWindow`, `modelHalfLife`), over the stored experiences that count. Call it inside a transaction. Values of
 * actions without experiences stay. Unchanged values are not written, so planning is idempotent.
 */
export function plan(core: Core, agentId: string, options: CheckedPlan): PlanResult {
  const learner = core.learners.get(agentId)
  tabular(learner, 'UNSUPPORTED')
  const { counts, offered } = knownTo(core, learner, options.newest)
  const { actionValues, sweeps, converged } = valueIteration(counts, {
    ...options,
    offered,
    discount: learner.discountFactor,
    initialValue: learner.initialValue,
  })
  const lastUpdated = sqlTime(core.now())
  for (const [stateKey, values] of actionValues) {
    for (const [actionKey, planned] of values) {
      const value = checkLearned(planned)
      const visits = visitsOf(counts.get(stateKey)?.get(actionKey))
      const before = core.valueCache.get(agentId, stateKey, actionKey)
      if (before?.value === value && before.visits === visits) continue
      // Double Q-learning: both tables get the planned value.
      const twins = before?.twins ? { twins: twinsSharing(visits, value) } : {}
      core.valueCache.set(agentId, stateKey, { actionKey, value, visits, lastUpdated, ...twins })
    }
  }
  return { states: actionValues.size, sweeps, converged }
}

/** What an agent knows of its environment. */
interface Known {
  readonly counts: TransitionCounts
  readonly offered: OfferedKeys
}

function knownTo(core: Core, learner: Learner, newest: number | undefined): Known {
  const { agentId, modelWindow, modelHalfLife } = learner
  const keyOfJson = memoizedKeyOfJson()
  if (newest !== undefined || modelWindow > 0 || modelHalfLife > 0) {
    const rows = core.experiences.transitions(agentId, newest ?? Number.MAX_SAFE_INTEGER).reverse()
    const memory = { window: modelWindow, halfLife: modelHalfLife }
    const transitions = rows.map((row) => transitionOf(row, keyOfJson))
    const offered = transitions.map(({ nextStateKey, nextKeys }) => [nextStateKey, nextKeys] as const)
    return { counts: remembered(transitions, memory), offered: joined(offered) }
  }
  core.writePending()
  const transitions = core.sums.table.ofAgent(agentId).map(({ state, action, nextState, terminated, count, mean }) => ({
    stateKey: keyOfJson(state),
    actionKey: keyOfJson(action),
    nextStateKey: keyOfJson(nextState),
    terminated,
    reward: mean,
    count,
  }))
  const offered = core.sums.table
    .offered(agentId)
    .map(({ state, actions }) => [keyOfJson(state), keysOf(JSON.parse(actions) as JsonValue[])] as const)
  return { counts: addTransitions(NOTHING_COUNTED, transitions), offered: joined(offered) }
}

/** The keys of the actions of each state, without repetitions. */
function joined(lists: readonly (readonly [stateKey: string, actionKeys: readonly string[]])[]): OfferedKeys {
  const offered = new Map<string, Set<string>>()
  for (const [stateKey, actionKeys] of lists) {
    const known = offered.get(stateKey) ?? new Set()
    for (const key of actionKeys) known.add(key)
    offered.set(stateKey, known)
  }
  return offered
}

function visitsOf(outcomes: ReadonlyMap<string, Outcome> = new Map()): number {
  // Weights that fade are no integers.
  return Math.ceil([...outcomes.values()].reduce((sum, { count }) => sum + count, 0))
}
