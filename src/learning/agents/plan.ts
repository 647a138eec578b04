import { keyOf } from '../../algorithms/keys/keys.ts'
import {
  addTransitions,
  NOTHING_COUNTED,
  type Outcome,
  type TransitionCounts,
} from '../../algorithms/transition-counts.ts'
import { valueIteration } from '../../algorithms/value-iteration.ts'
import { checkCount, checkLearned, checkNumber, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { TransitionsTable } from '../../tables/experience-transitions.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { tabular } from '../core/tabular.ts'

/** How values are derived from the model that an agent's experiences make. */
export interface PlanOptions {
  /** Sweeps end when none changes the value of a state by more, in the unit of the rewards; 1e-10 unless given. */
  readonly tolerance?: number
  /** And at the latest after so many; 10,000 unless given. n sweeps give the values of actions with n + 1 steps left to live. */
  readonly maxSweeps?: number
  /** Values of the best policy that explores at this rate, in [0, 1]; of the best there is unless given. */
  readonly epsilon?: number
}

/** What came of planning. */
export interface PlanResult {
  /** How many states have values now that follow from what was experienced in them. */
  readonly states: number
  /** How often all of them were backed up. */
  readonly sweeps: number
  /** False where sweeping ended before the values settled: where it stopped them, or where they grow for ever. */
  readonly converged: boolean
}

export type CheckedPlan = Required<PlanOptions>

/** @throws INVALID_ARGUMENT */
export function checkPlan(options: PlanOptions = {}): CheckedPlan {
  const given = checkOptions(options, 'the options of a plan', ['tolerance', 'maxSweeps', 'epsilon'])
  return {
    tolerance: checkNumber(given.tolerance ?? 1e-10, 'tolerance', 0, Number.MAX_VALUE),
    maxSweeps: checkCount(given.maxSweeps ?? 10_000, 'maxSweeps', 1),
    epsilon: checkNumber(given.epsilon ?? 0, 'epsilon', 0, 1),
  }
}

/**
 * Counts what the agent experienced and gives every action that it tried the value that follows from the counts, by value
 * iteration with the agent's discount factor; belongs into a transaction. Values of actions without experiences stay.
 * A value that came out as it was is not written: planning twice is planning once.
 */
export function plan(core: Core, agentId: string, options: CheckedPlan): PlanResult {
  const learner = core.learners.get(agentId)
  tabular(learner)
  const counts = countsOf(core, agentId)
  const { actionValues, sweeps, converged } = valueIteration(counts, { ...options, discount: learner.discountFactor })
  const lastUpdated = sqlTime(core.now())
  for (const [stateKey, values] of actionValues) {
    for (const [actionKey, planned] of values) {
      const value = checkLearned(planned)
      const visits = visitsOf(counts.get(stateKey)?.get(actionKey))
      const before = core.valueCache.get(agentId, stateKey, actionKey)
      if (before?.value === value && before.visits === visits) continue
      // Both tables of Double Q-learning: there is one truth in a model.
      const twins = before?.twins ? { twins: [value, value] as const } : {}
      core.valueCache.set(agentId, stateKey, { actionKey, value, visits, lastUpdated, ...twins })
    }
  }
  return { states: actionValues.size, sweeps, converged }
}

function countsOf(core: Core, agentId: string): TransitionCounts {
  const keys = new Map<string, string>()
  const key = (json: string): string => {
    const known = keys.get(json) ?? keyOf(JSON.parse(json) as JsonValue)
    keys.set(json, known)
    return known
  }
  const counted = new TransitionsTable(core.connection).counted(agentId)
  return addTransitions(
    NOTHING_COUNTED,
    counted.map(({ state, action, nextState, ...rest }) => ({
      ...{ stateKey: key(state), actionKey: key(action), nextStateKey: key(nextState), ...rest },
    })),
  )
}

function visitsOf(outcomes: ReadonlyMap<string, Outcome> = new Map()): number {
  return [...outcomes.values()].reduce((sum, { count }) => sum + count, 0)
}
