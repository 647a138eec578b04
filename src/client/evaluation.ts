import { checkList } from '../checks.ts'
import type { JsonValue } from '../json-value.ts'
import type { LoggedSituations, PolicyEvaluation } from '../learning/evaluation/evaluation.ts'
import type { EvaluationOptions } from '../learning/evaluation/evaluation-options.ts'
import type { TargetPolicy } from '../learning/evaluation/target-policy.ts'
import type { Channel } from '../protocol/channel.ts'
import { copied } from './clone-arguments.ts'

/**
 * A policy that is a function: the probabilities of the available actions, in their order, with the sum 1. It is called once
 * for each situation that was logged, in the caller's thread.
 */
export type PolicyFunction = (state: JsonValue, actions: readonly JsonValue[]) => readonly number[]

export interface Evaluates {
  /**
   * What a policy would have earned, from what an agent experienced while it chose otherwise: an agent's, a table, or a
   * function. @throws INVALID_ARGUMENT, also where the probabilities were not logged with which the agent chose, or the log
   * has nothing that the policy chooses; and what the function throws.
   */
  evaluatePolicy(policy: TargetPolicy | PolicyFunction, options: EvaluationOptions): Promise<PolicyEvaluation>
}

export function evaluating(channel: Pick<Channel, 'send'>): Evaluates {
  const ask = (method: 'evaluatePolicy' | 'loggedSituations', ...args: readonly unknown[]): Promise<unknown> =>
    channel.send({ on: 'store', method, args })
  return {
    evaluatePolicy: async (policy, options) => {
      if (typeof policy !== 'function') return (await ask('evaluatePolicy', policy, options)) as PolicyEvaluation
      // Two questions about one log: the options must not change in between, and what is logged then is left out.
      const same = copied(options)
      const { situations, through } = (await ask('loggedSituations', same)) as LoggedSituations
      const answers = situations.map(({ situation, state, actions }) => ({
        situation,
        probabilities: checkList(policy(state, actions), 'the answer of the policy'),
      }))
      return (await ask('evaluatePolicy', { answers, through }, same)) as PolicyEvaluation
    },
  }
}
