import type { Choice, SelectOptions } from '../../algorithms/choice.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Core } from '../core/core.ts'
import type { LearnResult } from '../core/learn.ts'
import { type DecideOptions, type DecideResult, type DecisionRewardOptions, decide, reward } from './decision.ts'
import { Decisions } from './decisions.ts'
import { closeDueDecisions } from './expiry.ts'

/** The entry point of the lazy module `decisions`: making and listing decisions, and closing those without a reward. */
export class DecisionsModule {
  readonly decisions: Decisions
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
    this.decisions = new Decisions(core)
  }

  /** See `decide`. */
  decide(
    agentId: string,
    state: JsonValue,
    options: DecideOptions,
    choose: (options: SelectOptions) => Choice,
  ): DecideResult {
    return decide(this.#core, agentId, state, options, choose)
  }

  /** See `reward`. */
  reward(agentId: string, id: string, given: number, options: DecisionRewardOptions): LearnResult {
    return reward(this.#core, agentId, id, given, options)
  }

  /** See `closeDueDecisions`. */
  closeDue(limit: number): number {
    return closeDueDecisions(this.#core, limit)
  }
}
