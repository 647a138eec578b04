import { invalid } from '../../checks.ts'
import { ACTIONS, GOALS, type Goal, type GoalAction, type GoalPlan, PLANS } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** A goal to create. */
export type NewGoal = NewRecord<Goal, 'conditions', 'cost' | 'priority'>
/** @inline */
export type Goals = Records<Goal, 'conditions', 'cost' | 'priority', 'conditions' | 'cost' | 'priority', 'priority'>

/** @inline */
type OfAction = 'preconditions' | 'effects'
/** An action, with what it takes and what comes of it, to create. */
export type NewGoalAction = NewRecord<GoalAction, OfAction, 'cost' | 'agentType'>
/** @inline */
export type GoalActions = Records<
  GoalAction,
  OfAction,
  'cost' | 'agentType',
  OfAction | 'cost' | 'agentType',
  'agentType'
>

/** @inline */
type OfPlan = 'goalId' | 'sequence'
/** A plan for a goal to create. */
export type NewGoalPlan = NewRecord<GoalPlan, OfPlan, never>
/** @inline */
export type GoalPlans = Records<GoalPlan, OfPlan, never, OfPlan, 'goalId'>

export function goals(core: Core): Goals {
  return new Records(core, GOALS, {
    what: 'a goal',
    needed: ['conditions'],
    defaults: { cost: 0, priority: null },
    changing: ['conditions', 'cost', 'priority'],
    made: (_, now) => ({ createdAt: now }),
  })
}

export function goalActions(core: Core): GoalActions {
  return new Records(core, ACTIONS, {
    what: 'an action',
    needed: ['preconditions', 'effects'],
    defaults: { cost: 1, agentType: null },
    changing: ['preconditions', 'effects', 'cost', 'agentType'],
    made: (_, now) => ({ createdAt: now }),
  })
}

/** Plans cost what their actions cost together, as known when the plan is made or its sequence changed. */
export function goalPlans(core: Core, actions: GoalActions): GoalPlans {
  const costOf = (sequence: readonly string[]): number =>
    sequence.reduce((sum, id) => {
      const action = actions.get(id)
      if (!action) throw invalid('sequence', 'ids of actions that are there', id)
      return sum + action.cost
    }, 0)
  return new Records(core, PLANS, {
    what: 'a plan',
    needed: ['goalId', 'sequence'],
    defaults: {},
    changing: ['goalId', 'sequence'],
    made: ({ sequence }, now) => ({ totalCost: costOf(sequence), createdAt: now }),
    changed: (_, { sequence }) => (sequence === undefined ? {} : { totalCost: costOf(sequence) }),
  })
}
