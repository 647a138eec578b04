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
   * Lists all agents with their configuration and progress.
   *
   * @returns sorted by id.
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * await store.agent('router')
   * await store.agent('tester', { algorithm: 'sarsa' })
   * const agents = await store.agents.list()
   * console.log(agents.map(({ id, algorithm }) => `${id}: ${algorithm}`)) // ['router: q-learning', 'tester: sarsa']
   * await store.close()
   * ```
   */
  list(): AgentStatus[] {
    const ids = new LearnersTable(this.#core.connection).ids()
    return ids.map((id) => new Agent(this.#core, this.#lazyModules, id).status())
  }
}
