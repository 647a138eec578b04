import type {
  AsyncAgent,
  DecideOptions,
  DecideResult,
  DecisionRewardOptions,
  JsonValue,
  LearnResult,
} from '../../entry/exports.ts'
import { StoreError } from '../../errors.ts'
import { type Source, source } from './source.ts'

/** The state of a decision that a component makes, and the function that gives it its reward. */
export type DecisionState<State = JsonValue, Action = JsonValue> = {
  /** Waits for the decision and rewards it. Rejects as `agent.decide` and `agent.reward` do. */
  readonly reward: (reward: number, options?: DecisionRewardOptions<State, Action>) => Promise<LearnResult>
} & (
  | {
      /** There is no agent yet, or it is deciding. */
      readonly status: 'deciding'
      readonly decision: undefined
      readonly result: undefined
      readonly error: undefined
    }
  | {
      /** The reward is to come. */
      readonly status: 'decided'
      readonly decision: DecideResult<Action>
      readonly result: undefined
      readonly error: undefined
    }
  | {
      /** The agent has learned from the reward. */
      readonly status: 'rewarded'
      readonly decision: DecideResult<Action>
      readonly result: LearnResult
      readonly error: undefined
    }
  | {
      /** The agent could not decide. */
      readonly status: 'failed'
      readonly decision: undefined
      readonly result: undefined
      readonly error: unknown
    }
)

/** Decides at the first subscription, once: later ones, after React hid and showed the component, get the same decision. */
export function decisionSource<State, Action, Offered extends Action>(
  agent: AsyncAgent<State, Action> | undefined,
  state: State,
  options: DecideOptions<Offered>,
): Source<DecisionState<State, Offered>> {
  const none = { decision: undefined, result: undefined, error: undefined }
  let deciding: Promise<DecideResult<Offered>> | undefined
  let last: DecisionState<State, Offered> | undefined
  let show: ((state: DecisionState<State, Offered>) => void) | undefined

  function set(next: DecisionState<State, Offered>): void {
    last = next
    show?.(next)
  }

  function decided(): Promise<DecideResult<Offered>> {
    if (deciding !== undefined) return deciding
    if (!agent) return Promise.reject(new StoreError('INVALID_ARGUMENT', 'Expected an agent to reward, got none yet'))
    deciding = agent.decide(state, options)
    deciding.then(
      (decision) => set({ ...none, reward, status: 'decided', decision }),
      (error: unknown) => {
        deciding = undefined
        set({ ...none, reward, status: 'failed', error })
      },
    )
    return deciding
  }

  const reward: DecisionState<State, Offered>['reward'] = async (amount, rewardOptions) => {
    const decision = await decided()
    const result = await (agent as AsyncAgent<State, Action>).reward(decision.id, amount, rewardOptions)
    set({ ...none, reward, status: 'rewarded', decision, result })
    return result
  }

  return source<DecisionState<State, Offered>>({ ...none, reward, status: 'deciding' }, (setState) => {
    show = setState
    if (last && last.status !== 'failed') setState(last)
    else if (agent) void decided().catch(() => {})
    return () => {
      show = undefined
    }
  })
}
