import type { Caller } from '../../algorithms/access.ts'
import type { Core } from '../core/core.ts'
import { CallerMemory } from './caller-memory.ts'

import { CrossSession } from './cross-session.ts'
import { MemoryIndexes } from './memory-index.ts'
import { type MemoryPruneResult, prune } from './prune.ts'
import { type Hints, hints, type SwarmMetrics, type SwarmPatterns, swarmMetrics, swarmPatterns } from './swarm.ts'

/** Memory that agents share: entries with owners, access levels and lifetimes (`as`), and records without owners. */
export class Memory {
  /** Hints under keys, without owners. */
  readonly hints: Hints
  /** Patterns of the swarm. */
  readonly patterns: SwarmPatterns
  /** Measurements of the swarm. */
  readonly metrics: SwarmMetrics
  /** Values that are kept from one session to the next, by namespace and key, without owners. */
  readonly crossSession: CrossSession
  readonly #core: Core
  readonly #indexes: MemoryIndexes

  constructor(core: Core) {
    this.#core = core
    this.#indexes = new MemoryIndexes(core)
    this.hints = hints(core)
    this.patterns = swarmPatterns(core)
    this.metrics = swarmMetrics(core)
    this.crossSession = new CrossSession(core)
  }

  /**
   * Returns the shared memory as a caller may use it. The caller is not authenticated.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const planner = store.memory.as({ agentId: 'planner', teamId: 'qe' })
   * const tester = store.memory.as({ agentId: 'tester', teamId: 'qe' })
   * await planner.set({ key: 'next', value: { task: 'login' }, accessLevel: 'team' })
   * console.log((await tester.get({ key: 'next' }))?.value) // { task: 'login' }
   * await store.close()
   * ```
   */
  as(caller: Caller): CallerMemory {
    return new CallerMemory(this.#core, this.#indexes, caller)
  }

  /**
   * Deletes expired records of the shared memory and the fleet.
   *
   * @returns the number of deleted records of each kind.
   */
  prune(): MemoryPruneResult {
    return this.#core.transaction(() => prune(this.#core))
  }
}
