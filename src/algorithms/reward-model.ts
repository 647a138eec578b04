import type { LoggedDecision, ModeledDecision } from './off-policy.ts'

/** What rewards are to be expected, by the mean of those that were logged: the model that `dm` and `dr` ask. */

/** A state with what the policy in question does in it, among the actions that were to choose from. */
export interface TargetSituation {
  readonly stateKey: string
  /** Probabilities by action key, sum 1; what is not named has none. */
  readonly distribution: ReadonlyMap<string, number>
}

export interface TargetedDecision extends LoggedDecision {
  /** The same object where it is the same situation. */
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

interface RewardModel extends Tally {
  readonly states: Map<string, StateTally>
}

/**
 * For each decision what the model says that was fitted to all the others. A model that has seen the decision itself
 * predicts it too well: in a state that was logged once it would be right whatever the policy does, and the doubly robust
 * estimate of every policy would be the mean of the log. Leaving out one is cross-fitting with as many folds as decisions,
 * Chernozhukov et al. (2018), and what a tally can do in no time; with it and the right propensities there is no bias.
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
 * For each decision what the model of all of them says, with the shares of the log in place of the propensities. The
 * corrections of `doublyRobust` then cancel in every state and action, so that its value is that of the direct method; but
 * its standard error counts in that the model rests on rewards that vary, which that of the predictions alone does not.
 * Hirano, Imbens & Ridder (2003): the propensities that were estimated weigh best.
 */
export function fitted(decisions: readonly TargetedDecision[]): ModeledDecision[] {
  const model = modelOf(decisions)
  const expectations = new Map<TargetSituation, number>()
  const counts = new Map<TargetSituation, number>()
  for (const { situation } of decisions) counts.set(situation, (counts.get(situation) ?? 0) + 1)
  /** By state, how often the policy would choose an action in as many decisions as were logged there. */
  const chosen = new Map<string, Map<string, number>>()
  for (const [situation, count] of counts) {
    const { stateKey, distribution } = situation
    expectations.set(situation, expect(model, situation))
    const actions = entry(chosen, stateKey, () => new Map<string, number>())
    for (const [key, probability] of distribution) actions.set(key, (actions.get(key) ?? 0) + count * probability)
  }
  return decisions.map(({ situation, actionKey, reward }) => {
    const { stateKey } = situation
    const state = model.states.get(stateKey)
    const here = state?.count ?? 1
    return {
      reward,
      behaviorProbability: (state?.actions.get(actionKey)?.count ?? 1) / here,
      targetProbability: (chosen.get(stateKey)?.get(actionKey) ?? 0) / here,
      predicted: predict(model, stateKey, actionKey),
      expected: expectations.get(situation) ?? 0,
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

/** The mean reward of the action in the state; where it has none, of the state, and then of all. */
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

/** Undefined without numbers. */
function meanOf(tally: Tally | undefined, without: TargetedDecision | undefined): number | undefined {
  const count = (tally?.count ?? 0) - (without ? 1 : 0)
  return tally && count > 0 ? (tally.sum - (without?.reward ?? 0)) / count : undefined
}
