import { checkList } from '../checks.ts'
import type { Jsonable, JsonValue } from '../json-value.ts'
import type { LoggedSituations, PolicyEvaluation } from '../learning/evaluation/evaluation.ts'
import type { EvaluationOptions } from '../learning/evaluation/evaluation-options.ts'
import type { TargetPolicy } from '../learning/evaluation/target-policy.ts'
import type { Channel } from '../protocol/channel.ts'
import { clonePlain } from './clone-arguments.ts'

/**
 * A policy as a function: returns the probability of each action, in their order, with the sum 1. It is called once for
 * each logged situation, in the caller's thread.
 */
export type PolicyFunction<State = JsonValue, Action = JsonValue> = (
  state: State,
  actions: readonly Action[],
) => readonly number[]

/** Off-policy evaluation. */
export interface Evaluates {
  /**
   * Estimates the value of a policy from the experiences of an agent that followed another one (off-policy evaluation).
   * The policy is an agent's, a table, or a function.
   * @throws INVALID_ARGUMENT, also if the log lacks the probabilities of its actions, or contains none that the policy
   * chooses; and what the function throws
   */
  evaluatePolicy<State extends Jsonable<State> = JsonValue, Action extends Jsonable<Action> = JsonValue>(
    policy: TargetPolicy | PolicyFunction<State, Action>,
    options: EvaluationOptions,
  ): Promise<PolicyEvaluation>
}

export function evaluating(channel: Pick<Channel, 'send'>): Evaluates {
  const send = (method: 'evaluatePolicy' | 'loggedSituations', ...args: readonly unknown[]): Promise<unknown> =>
    channel.send({ on: 'store', method, args })
  return {
    evaluatePolicy: async <State, Action>(
      policy: TargetPolicy | PolicyFunction<State, Action>,
      options: EvaluationOptions,
    ) => {
      if (typeof policy !== 'function') return (await send('evaluatePolicy', policy, options)) as PolicyEvaluation
      // Two calls on one log: the options must not change between them, and later experiences are excluded (`through`).
      const same = clonePlain(options)
      const { situations, through } = (await send('loggedSituations', same)) as LoggedSituations
      const answers = situations.map(({ situation, state, actions }) => ({
        situation,
        probabilities: checkList(policy(state as State, actions as readonly Action[]), 'the result of the policy'),
      }))
      return (await send('evaluatePolicy', { answers, through }, same)) as PolicyEvaluation
    },
  }
}
