import { invalid } from '../../checks.ts'
import { type FleetTask, TASKS, type TaskStatus } from '../../tables/fleet.ts'
import type { Core } from '../core/core.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type RequiredKeys = 'fleetId' | 'type' | 'name'
/** @inline */
type OptionalKeys = 'agentId' | 'data' | 'requirements' | 'priority'
/** @inline */
type MutableKeys = 'agentId' | 'data' | 'requirements' | 'priority' | 'name' | 'status' | 'result' | 'error'

/** A task to create. */
export type NewTask = NewRecord<FleetTask, RequiredKeys, OptionalKeys>
/** The fields of a task that can be updated. */
export type TaskChanges = Partial<Pick<FleetTask, MutableKeys>>
/** @inline */
export type Tasks = Records<
  FleetTask,
  RequiredKeys,
  OptionalKeys,
  MutableKeys,
  'fleetId' | 'agentId' | 'type' | 'status'
>

/** The allowed transitions. A failed task may be retried. */
const NEXT: { readonly [S in TaskStatus]: readonly TaskStatus[] } = {
  pending: ['assigned', 'running', 'cancelled'],
  assigned: ['pending', 'running', 'cancelled'],
  running: ['completed', 'failed', 'cancelled'],
  failed: ['pending'],
  completed: [],
  cancelled: [],
}

/** The tasks of fleets, most urgent first, then oldest. A new task is `pending`, or `assigned` if it has an agent. */
export function tasks(core: Core): Tasks {
  return new Records(core, TASKS, {
    what: 'a task',
    required: ['fleetId', 'type', 'name'],
    defaults: { agentId: null, data: null, requirements: null, priority: 1 },
    mutable: ['agentId', 'data', 'requirements', 'priority', 'name', 'status', 'result', 'error'],
    create: ({ agentId }, now) => ({
      status: agentId === null ? 'pending' : 'assigned',
      result: null,
      error: null,
      createdAt: now,
      startedAt: null,
      completedAt: null,
    }),
    update: (before, changes, now) => moved(before, changes, now),
  })
}

/** The fields that follow from a change of status. */
function moved(before: FleetTask, changes: TaskChanges, time: string): Partial<FleetTask> {
  const { status = before.status, agentId = before.agentId } = changes
  if (status === 'assigned' && agentId === null) throw invalid('agentId', 'set for an assigned task', agentId)
  if (status === before.status) return {}
  // Other programs may have written another status.
  const next: readonly string[] | undefined = Object.hasOwn(NEXT, before.status) ? NEXT[before.status] : undefined
  if (next && !next.includes(status)) {
    throw invalid(`the next status of a ${before.status} task`, next.join(', ') || 'none', status)
  }
  if (status === 'running') return { startedAt: time }
  if (status === 'assigned') return {}
  if (status !== 'pending') return { completedAt: time }
  return { startedAt: null, completedAt: null, result: changes.result ?? null, error: changes.error ?? null }
}
