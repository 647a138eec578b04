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
/** An action to create, with its preconditions and effects. */
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
    required: ['conditions'],
    defaults: { cost: 0, priority: null },
    mutable: ['conditions', 'cost', 'priority'],
    create: (_, now) => ({ createdAt: now }),
  })
}

export function goalActions(core: Core): GoalActions {
  return new Records(core, ACTIONS, {
    what: 'an action',
    required: ['preconditions', 'effects'],
    defaults: { cost: 1, agentType: null },
    mutable: ['preconditions', 'effects', 'cost', 'agentType'],
    create: (_, now) => ({ createdAt: now }),
  })
}

/** The cost of a plan is the sum of the costs of its actions when it is created or its sequence is updated. */
export function goalPlans(core: Core, actions: GoalActions): GoalPlans {
  const costOf = (sequence: readonly string[]): number =>
    sequence.reduce((sum, id) => {
      const action = actions.get(id)
      if (!action) throw invalid('sequence', 'ids of existing actions', id)
      return sum + action.cost
    }, 0)
  return new Records(core, PLANS, {
    what: 'a plan',
    required: ['goalId', 'sequence'],
    defaults: {},
    mutable: ['goalId', 'sequence'],
    create: ({ sequence }, now) => ({ totalCost: costOf(sequence), createdAt: now }),
    update: (_, { sequence }) => (sequence === undefined ? {} : { totalCost: costOf(sequence) }),
  })
}
