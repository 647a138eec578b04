import { checkName } from '../../checks.ts'
import { LearnersTable } from '../../tables/learners.ts'
import type { Core } from '../core/core.ts'
import type { LazyModules } from '../lazy-modules.ts'
import type { AgentStatus } from './agent-status.ts'

/** The agents of a store. */
export class Agents {
  readonly #core: Core
  readonly #lazyModules: LazyModules

  constructor(core: Core, lazyModules: LazyModules) {
    this.#core = core
    this.#lazyModules = lazyModules
  }

  /**
   * Returns the configuration and progress of an agent.
   *
   * @returns undefined if the store has no agent with this id.
   * @throws INVALID_ARGUMENT
   */
  get(id: string): AgentStatus | undefined {
    return this.#core.learners.find(checkName(id, 'agent id')) && this.#status(id)
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
    return ids.map((id) => this.#status(id))
  }

  #status(id: string): AgentStatus {
    return this.#lazyModules.get('inspection').statusOf(this.#core, id)
  }
}
