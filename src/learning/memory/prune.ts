import { PROPOSALS, WORKFLOWS } from '../../tables/coordination.ts'
import { CrossSessionTable } from '../../tables/cross-session.ts'
import { ARTIFACTS, EVENTS } from '../../tables/fleet-traces.ts'
import { MemoryTable } from '../../tables/memory.ts'
import { RecordTable } from '../../tables/record-table.ts'
import { HINTS, SWARM_PATTERNS } from '../../tables/swarm.ts'
import type { Core } from '../core/core.ts'

/** Number of expired records that were deleted, by kind. */
export interface MemoryPruneResult {
  /** Entries of the shared memory. */
  readonly entries: number
  /** Values of `memory.crossSession`. */
  readonly crossSession: number
  /** Hints of the swarm. */
  readonly hints: number
  /** Patterns of the swarm. */
  readonly patterns: number
  /** Events of the fleet. */
  readonly events: number
  /** Artifacts of the fleet. */
  readonly artifacts: number
  /** Workflows of the fleet. */
  readonly workflows: number
  /** Proposals of the fleet. */
  readonly proposals: number
}

/** Deletes expired rows of every table with lifetimes. Call it inside a transaction. */
export function prune({ connection, now }: Core): MemoryPruneResult {
  const time = now()
  return {
    entries: new MemoryTable(connection).removeExpired(time),
    crossSession: new CrossSessionTable(connection).removeExpired(time),
    hints: new RecordTable(connection, HINTS).removeExpired(time),
    patterns: new RecordTable(connection, SWARM_PATTERNS).removeExpired(time),
    events: new RecordTable(connection, EVENTS).removeExpired(time),
    artifacts: new RecordTable(connection, ARTIFACTS).removeExpired(time),
    workflows: new RecordTable(connection, WORKFLOWS).removeExpired(time),
    proposals: new RecordTable(connection, PROPOSALS).removeExpired(time),
  }
}
