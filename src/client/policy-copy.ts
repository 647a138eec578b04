import type { ActionValue, Choice, SelectOptions } from '../algorithms/choice.ts'
import type { JsonValue } from '../json-value.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Call } from '../protocol/calls.ts'

/** What has changed since the last update: everything, or some states. */
export type Stale = 'all' | ReadonlySet<string>

/** A copy of what an agent has learned. */
export interface PolicyCopy {
  /** Whether it is a copy of a linear model, or of a table of values. */
  readonly isModel: boolean
  /** The call whose answer has what has changed. */
  request(stale: Stale): Call
  /** Takes the answer to that call. @returns false if the algorithm was changed between the status and the answer. */
  take(status: AgentStatus, answer: unknown, stale: Stale): Promise<boolean>
  selectAction(state: JsonValue, options: SelectOptions, draw: () => number): Choice
  valuesOf(state: JsonValue): ActionValue[]
}
