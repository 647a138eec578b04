import { LearnersTable } from '../../tables/learners.ts'
import type { Core } from '../core/core.ts'
import type { LazyModules } from '../lazy-modules.ts'
import { Agent, type AgentStatus } from './agent.ts'

/** The agents of a store. */
export class Agents {
  readonly #core: Core
  readonly #lazyModules: LazyModules

  constructor(core: Core, lazyModules: LazyModules) {
    this.#core = core
    this.#lazyModules = lazyModules
  }

  /**
   * All agents with their configuration and progress.
   * @returns sorted by id.
   */
  list(): AgentStatus[] {
    const ids = new LearnersTable(this.#core.connection).ids()
    return ids.map((id) => new Agent(this.#core, this.#lazyModules, id).status())
  }
}
