import { isLinear } from '../../algorithms/algorithms.ts'
import { checkDistribution } from '../../algorithms/check-distribution.ts'
import { epsilonGreedy } from '../../algorithms/exploration.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { checkCount, checkList, checkName, checkNumber, checkOptions, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Core } from '../core/core.ts'
import type { Learner } from '../core/learners.ts'
import type { Situation } from './situations.ts'

/**
 * The greedy policy of an agent, ties broken uniformly. On the experiences that the agent learned from, its estimate is
 * biased upwards; use later ones or those of another agent.
 */
export interface AgentPolicy {
  /** The agent. */
  readonly agentId: string
  /** The exploration rate of the policy, in [0, 1]. Default: 0. */
  readonly epsilon?: number
}

/**
 * A policy as a table of probabilities. Actions that are not listed have the probability 0; each state must sum to 1.
 */
export interface TablePolicy {
  /** The probability of each action in each state. */
  readonly probabilities: readonly {
    readonly state: JsonValue
    readonly action: JsonValue
    readonly probability: number
  }[]
}

/** The probabilities that a policy function returned for each situation of a log. */
export interface AnsweredPolicy {
  readonly answers: readonly { readonly situation: string; readonly probabilities: readonly number[] }[]
  /** The last row of the log for which it was called; later rows are ignored. */
  readonly through: number
}

/** A policy to evaluate, as plain data: an agent's or a table. */
export type TargetPolicy = AgentPolicy | TablePolicy

/** Probabilities by action key, sum 1. */
export type Distribution = ReadonlyMap<string, number>

/** The key of a situation. State and action keys contain no NUL. */
export function situationKey({ stateKey, actionKeys }: Situation): string {
  return [stateKey, ...actionKeys].join('\0')
}

/**
 * The action probabilities of a policy by situation. The returned function throws INVALID_ARGUMENT for unknown
 * situations.
 * @throws INVALID_ARGUMENT
 */
export function distributionsOf(
  core: Core,
  policy: TargetPolicy | AnsweredPolicy,
): (situation: Situation) => Distribution {
  if (typeof policy === 'object' && policy !== null) {
    if ('agentId' in policy) return ofAgent(core, policy)
    if ('probabilities' in policy) return ofTable(policy)
    if ('answers' in policy) return ofAnswers(policy)
  }
  throw invalid('the policy', 'an object with an agentId or with probabilities', policy)
}

function ofAgent(core: Core, policy: AgentPolicy): (situation: Situation) => Distribution {
  const { agentId, epsilon = 0 } = checkOptions(policy, 'the policy', ['agentId', 'epsilon'])
  const learner = core.learners.get(checkName(agentId, 'agentId'))
  checkNumber(epsilon, 'epsilon', 0, 1)
  const valuesOf = isLinear(learner.algorithm) ? predictedBy(core, learner) : learnedBy(core, learner)
  return (situation) => distribution(situation.actionKeys, epsilonGreedy(valuesOf(situation), epsilon))
}

function learnedBy(core: Core, { agentId, initialValue }: Learner): (situation: Situation) => number[] {
  return ({ stateKey, actionKeys }) => {
    const learned = new Map(core.valueCache.of(agentId, stateKey).map(({ actionKey, value }) => [actionKey, value]))
    return actionKeys.map((key) => learned.get(key) ?? initialValue)
  }
}

function predictedBy(core: Core, learner: Learner): (situation: Situation) => number[] {
  return ({ stateKey, actionKeys }) =>
    core
      .linear()
      .predictions(learner, parseKey(stateKey), actionKeys)
      .map(({ value }) => value)
}

function ofTable(policy: TablePolicy): (situation: Situation) => Distribution {
  const { probabilities } = checkOptions(policy, 'the policy', ['probabilities'])
  const states = new Map<string, Map<string, number>>()
  for (const entry of checkList(probabilities, 'the probabilities of the policy')) {
    const fields = ['state', 'action', 'probability'] as const
    const { state, action, probability } = checkOptions(entry as TablePolicy['probabilities'][number], 'each', fields)
    const actions = states.get(keyOf(state, 'state')) ?? new Map<string, number>()
    const actionKey = keyOf(action, 'action')
    if (actions.has(actionKey)) {
      throw invalid(`the policy in state ${quoted(keyOf(state))}`, 'one that names each action once', actionKey)
    }
    actions.set(actionKey, checkNumber(probability, 'probability', 0, Number.MAX_VALUE))
    states.set(keyOf(state), actions)
  }
  for (const [stateKey, actions] of states) {
    checkDistribution([...actions.values()], `the policy in state ${quoted(stateKey)}`, actions.size)
  }
  return (situation) => {
    const { stateKey } = situation
    const actions = states.get(stateKey)
    if (!actions) throw unknown(stateKey)
    for (const [actionKey, probability] of actions) checkPossible(situation, actionKey, probability)
    return actions
  }
}

function ofAnswers(policy: AnsweredPolicy): (situation: Situation) => Distribution {
  const { answers, through } = checkOptions(policy, 'the policy', ['answers', 'through'])
  checkCount(through, 'through', 0)
  checkList(answers, 'the results of the policy')
  const known = new Map(answers.map(({ situation, probabilities }) => [situation, probabilities]))
  return (situation) => {
    const { stateKey, actionKeys } = situation
    const probabilities = known.get(situationKey(situation))
    if (!probabilities) throw unknown(stateKey)
    const what = `the policy in state ${quoted(stateKey)}`
    return distribution(actionKeys, checkDistribution(probabilities, what, actionKeys.length))
  }
}

function distribution(actionKeys: readonly string[], probabilities: readonly number[]): Distribution {
  return new Map(actionKeys.map((key, i) => [key, probabilities[i] ?? 0]))
}

/** A table does not define what happens if one of its actions is not available; a function does. */
function checkPossible({ stateKey, actionKeys, isLogged }: Situation, actionKey: string, probability: number): void {
  if (!isLogged || probability === 0 || actionKeys.includes(actionKey)) return
  throw invalid(`the policy in state ${quoted(stateKey)}`, 'among the available actions of the log', actionKey)
}

function unknown(stateKey: string): StoreError {
  const expected = 'Expected the policy to have probabilities for every logged state'
  return new StoreError('INVALID_ARGUMENT', `${expected}, got none for ${quoted(stateKey)}`)
}

function quoted(key: string): string {
  return key.length > 40 ? `"${key.slice(0, 40)}…"` : JSON.stringify(key)
}
