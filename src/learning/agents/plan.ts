import { remembered } from '../../algorithms/forgetting-outcomes.ts'
import {
  addTransitions,
  NOTHING_COUNTED,
  type Outcome,
  type TransitionCounts,
} from '../../algorithms/transition-counts.ts'
import { valueIteration } from '../../algorithms/value-iteration.ts'
import { checkCount, checkLearned, checkNumber, checkOptions } from '../../checks.ts'
import { TransitionsTable } from '../../tables/experience-transitions.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import { twinsSharing } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import { type Learner, tabular } from '../core/learners.ts'
import { memoizedKeyOfJson, transitionOf } from '../core/transition.ts'

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
 * Plans by value iteration over the transition counts of the agent's experiences, as far as its model holds them
 * (`modelWindow`, `modelHalfLife`). Call it inside a transaction. Values of actions without experiences stay. Unchanged
 * values are not written, so planning is idempotent.
 */
export function plan(core: Core, agentId: string, options: CheckedPlan): PlanResult {
  const learner = core.learners.get(agentId)
  tabular(learner)
  const counts = countsOf(core, learner, options.newest)
  const { actionValues, sweeps, converged } = valueIteration(counts, {
    ...options,
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

function countsOf(core: Core, learner: Learner, newest: number | undefined): TransitionCounts {
  const { agentId, modelWindow, modelHalfLife } = learner
  const keyOfJson = memoizedKeyOfJson()
  if (newest !== undefined || modelWindow > 0 || modelHalfLife > 0) {
    const rows = core.experiences.transitions(agentId, newest ?? Number.MAX_SAFE_INTEGER).reverse()
    const memory = { window: modelWindow, halfLife: modelHalfLife }
    return remembered(
      rows.map((row) => transitionOf(row, keyOfJson)),
      memory,
    )
  }
  const counted = new TransitionsTable(core.connection).counted(agentId)
  return addTransitions(
    NOTHING_COUNTED,
    counted.map(({ state, action, nextState, ...rest }) => ({
      stateKey: keyOfJson(state),
      actionKey: keyOfJson(action),
      nextStateKey: keyOfJson(nextState),
      ...rest,
    })),
  )
}

function visitsOf(outcomes: ReadonlyMap<string, Outcome> = new Map()): number {
  // Weights that fade are no integers.
  return Math.ceil([...outcomes.values()].reduce((sum, { count }) => sum + count, 0))
}
