import type { Core } from '../core/core.ts'
import { Decisions } from './decisions.ts'
import { closeDueDecisions } from './expiry.ts'

/** The entry point of the lazy module `decisions`: listing decisions, and closing those without a reward. */
export class DecisionsModule {
  readonly decisions: Decisions
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
    this.decisions = new Decisions(core)
  }

  /** See `closeDueDecisions`. */
  closeDue(limit: number): number {
    return closeDueDecisions(this.#core, limit)
  }
}
