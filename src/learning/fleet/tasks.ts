import { invalid } from '../../checks.ts'
import { type FleetTask, TASKS, type TaskStatus } from '../../tables/fleet.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type Needed = 'fleetId' | 'type' | 'name'
/** @inline */
type Told = 'agentId' | 'data' | 'requirements' | 'priority'
/** @inline */
type Changing = 'agentId' | 'data' | 'requirements' | 'priority' | 'name' | 'status' | 'result' | 'error'

/** A task to create. */
export type NewTask = NewRecord<FleetTask, Needed, Told>
/** What can be changed of a task. */
export type TaskChanges = Partial<Pick<FleetTask, Changing>>
/** @inline */
export type Tasks = Records<FleetTask, Needed, Told, Changing, 'fleetId' | 'agentId' | 'type' | 'status'>

/** What a task may become; a failed one may be tried again. */
const NEXT: { readonly [S in TaskStatus]: readonly TaskStatus[] } = {
  pending: ['assigned', 'running', 'cancelled'],
  assigned: ['pending', 'running', 'cancelled'],
  running: ['completed', 'failed', 'cancelled'],
  failed: ['pending'],
  completed: [],
  cancelled: [],
}

/** The tasks of fleets, the most urgent first, then the oldest. A new one is `pending`, or `assigned` where it has an agent. */
export function tasks(core: Core): Tasks {
  return new Records(core, TASKS, {
    what: 'a task',
    needed: ['fleetId', 'type', 'name'],
    defaults: { agentId: null, data: null, requirements: null, priority: 1 },
    changing: ['agentId', 'data', 'requirements', 'priority', 'name', 'status', 'result', 'error'],
    made: ({ agentId }, now) => ({
      status: agentId === null ? 'pending' : 'assigned',
      ...{ result: null, error: null, createdAt: sqlTime(now), startedAt: null, completedAt: null },
    }),
    changed: (before, changes, now) => moved(before, changes, sqlTime(now)),
  })
}

/** Its times follow from what becomes of it. */
function moved(before: FleetTask, changes: TaskChanges, time: string): Partial<FleetTask> {
  const { status = before.status, agentId = before.agentId } = changes
  if (status === 'assigned' && agentId === null) throw invalid('agentId', 'told for an assigned task', agentId)
  if (status === before.status) return {}
  // What another program wrote may have a status of its own.
  const next: readonly string[] | undefined = Object.hasOwn(NEXT, before.status) ? NEXT[before.status] : undefined
  if (next && !next.includes(status)) {
    throw invalid(`the next status of a ${before.status} task`, next.join(', ') || 'none', status)
  }
  if (status === 'running') return { startedAt: time }
  if (status === 'assigned') return {}
  if (status !== 'pending') return { completedAt: time }
  return { startedAt: null, completedAt: null, result: changes.result ?? null, error: changes.error ?? null }
}
