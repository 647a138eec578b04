import type { Caller } from '../../algorithms/access.ts'
import type { Core } from '../core/core.ts'
import { CallerMemory } from './caller-memory.ts'
import { cleanUp, type MemoryPruneResult } from './cleanup.ts'
import { CrossSession } from './cross-session.ts'
import { type Hints, hints, type SwarmMetrics, type SwarmPatterns, swarmMetrics, swarmPatterns } from './swarm.ts'

/** Memory that agents share: entries with owners, access levels and lifetimes (`as`), and records without owners. */
export class Memory {
  /** Notes under keys, for everyone. */
  readonly hints: Hints
  /** Patterns that the swarm found. */
  readonly patterns: SwarmPatterns
  /** Measurements of the swarm. */
  readonly metrics: SwarmMetrics
  /** Values by key and namespace, without owners. */
  readonly crossSession: CrossSession
  readonly #core: Core

  constructor(core: Core) {
    this.#core = core
    this.hints = hints(core)
    this.patterns = swarmPatterns(core)
    this.metrics = swarmMetrics(core)
    this.crossSession = new CrossSession(core)
  }

  /**
   * The entries as this caller may use them. The caller is not authenticated.
   * @throws INVALID_ARGUMENT
   */
  as(caller: Caller): CallerMemory {
    return new CallerMemory(this.#core, caller)
  }

  /** Removes expired rows of the shared memory and the fleet. @returns how many rows of each kind were removed. */
  prune(): MemoryPruneResult {
    return this.#core.transaction(() => cleanUp(this.#core))
  }
}
