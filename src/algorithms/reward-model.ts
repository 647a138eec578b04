import type { LoggedDecision, ModeledDecision } from './off-policy.ts'

/** A state with the target policy's distribution over the available actions. */
export interface TargetSituation {
  readonly stateKey: string
  /** Probabilities by action key, sum 1; missing actions have probability 0. */
  readonly distribution: ReadonlyMap<string, number>
}

/** A logged decision with the target policy in its situation. */
export interface TargetedDecision extends LoggedDecision {
  /** Decisions in the same situation share the object. */
  readonly situation: TargetSituation
  readonly actionKey: string
}

interface Tally {
  count: number
  sum: number
}

interface StateTally extends Tally {
  readonly actions: Map<string, Tally>
}

/** Mean rewards: overall, by state, and by state and action. The reward model of the estimators `dm` and `dr`. */
interface RewardModel extends Tally {
  readonly states: Map<string, StateTally>
}

/**
 * The predictions of the reward model for each decision, fitted to all other decisions. A model fitted with the decision itself
 * overfits: in a state that was logged once it would predict the reward exactly, and the doubly robust estimate of every policy
 * would be the mean of the log. This is cross-fitting with one fold per decision, Chernozhukov et al. (2018), which is cheap for
 * means. With correct propensities the estimates are unbiased.
 */
export function crossFitted(decisions: readonly TargetedDecision[]): ModeledDecision[] {
  const model = modelOf(decisions)
  return decisions.map((decision) => {
    const { situation, actionKey, reward, behaviorProbability, targetProbability } = decision
    return {
      reward,
      behaviorProbability,
      targetProbability,
      predicted: predict(model, situation.stateKey, actionKey, decision),
      expected: expect(model, situation, decision),
    }
  })
}

/**
 * The predictions of the reward model for each decision, fitted to all decisions, with empirical action frequencies in place of
 * the propensities. The corrections of `doublyRobust` then cancel in every state and action, so its value equals that of the
 * direct method, but its standard error includes the variance of the rewards behind the model: of residuals of the cross-fitted
 * model, because those of the fitted one are 0 where an action was logged once. Estimated propensities are efficient: Hirano,
 * Imbens & Ridder (2003).
 */
export function fitted(decisions: readonly TargetedDecision[]): ModeledDecision[] {
  const model = modelOf(decisions)
  const expectations = new Map<TargetSituation, number>()
  const counts = new Map<TargetSituation, number>()
  for (const { situation } of decisions) counts.set(situation, (counts.get(situation) ?? 0) + 1)
  // By state and action, how often the target policy would choose the action in the logged decisions of the state.
  const chosen = new Map<string, Map<string, number>>()
  for (const [situation, count] of counts) {
    const { stateKey, distribution } = situation
    expectations.set(situation, expect(model, situation))
    const actions = entry(chosen, stateKey, () => new Map<string, number>())
    for (const [key, probability] of distribution) actions.set(key, (actions.get(key) ?? 0) + count * probability)
  }
  return decisions.map((decision) => {
    const { situation, actionKey, reward } = decision
    const { stateKey } = situation
    const state = model.states.get(stateKey)
    const count = state?.count ?? 1
    return {
      reward,
      behaviorProbability: (state?.actions.get(actionKey)?.count ?? 1) / count,
      targetProbability: (chosen.get(stateKey)?.get(actionKey) ?? 0) / count,
      predicted: predict(model, stateKey, actionKey),
      expected: expectations.get(situation) ?? 0,
      residual: reward - predict(model, stateKey, actionKey, decision),
    }
  })
}

function modelOf(decisions: readonly TargetedDecision[]): RewardModel {
  const model: RewardModel = { count: 0, sum: 0, states: new Map() }
  for (const { situation, actionKey, reward } of decisions) {
    const state = entry(model.states, situation.stateKey, () => ({ count: 0, sum: 0, actions: new Map() }))
    const action = entry(state.actions, actionKey, () => ({ count: 0, sum: 0 }))
    for (const tally of [model, state, action]) {
      tally.count++
      tally.sum += reward
    }
  }
  return model
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function expect(model: RewardModel, { stateKey, distribution }: TargetSituation, without?: TargetedDecision): number {
  let sum = 0
  for (const [actionKey, probability] of distribution) {
    if (probability > 0) sum += probability * predict(model, stateKey, actionKey, without)
  }
  return sum
}

/** The mean reward of the action in the state, else of the state, else of all decisions. */
function predict(model: RewardModel, stateKey: string, actionKey: string, without?: TargetedDecision): number {
  const state = model.states.get(stateKey)
  const action = state?.actions.get(actionKey)
  return (
    meanOf(action, without?.actionKey === actionKey ? without : undefined) ??
    meanOf(state, without) ??
    meanOf(model, without) ??
    0
  )
}

/** The mean without one decision; undefined without data. */
function meanOf(tally: Tally | undefined, without: TargetedDecision | undefined): number | undefined {
  const count = (tally?.count ?? 0) - (without ? 1 : 0)
  return tally && count > 0 ? (tally.sum - (without?.reward ?? 0)) / count : undefined
}
