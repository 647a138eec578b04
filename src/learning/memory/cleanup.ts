import { PROPOSALS, WORKFLOWS } from '../../tables/coordination.ts'
import { CrossSessionTable } from '../../tables/cross-session.ts'
import { ARTIFACTS, EVENTS } from '../../tables/fleet-traces.ts'
import { MemoryTable } from '../../tables/memory.ts'
import { RecordTable } from '../../tables/record-table.ts'
import { HINTS, SWARM_PATTERNS } from '../../tables/swarm.ts'
import type { Core } from '../core/core.ts'

/** How many of each had expired. */
export interface MemoryPruneResult {
  readonly entries: number
  readonly crossSession: number
  readonly hints: number
  readonly patterns: number
  readonly events: number
  readonly artifacts: number
  readonly workflows: number
  readonly proposals: number
}

/** Removes what has expired, from every table with a lifetime. */
export function cleanUp({ connection, now }: Core): MemoryPruneResult {
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
