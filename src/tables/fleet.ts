import type { JsonValue } from '../json-value.ts'
import type { Shape } from './record-table.ts'

/** Agents that work together. */
export interface Fleet {
  readonly id: string
  readonly name: string
  readonly config: JsonValue
  readonly status: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdAt: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly updatedAt: string
}

/** An agent of a fleet. */
export interface FleetAgent {
  readonly id: string
  readonly fleetId: string
  readonly type: string
  readonly status: string
  readonly config: JsonValue
  readonly metrics: JsonValue
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdAt: string
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly updatedAt: string
}

/** An agent of the swarm, and what it can do. */
export interface RegisteredAgent {
  readonly id: string
  readonly type: string
  readonly capabilities: JsonValue
  readonly status: string
  readonly performance: JsonValue
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch. */
  readonly updatedAt: number
}

/** How far a task is. */
export type TaskStatus = 'pending' | 'assigned' | 'running' | 'completed' | 'failed' | 'cancelled'

/** Something for a fleet to do. */
export interface FleetTask {
  readonly id: string
  readonly fleetId: string
  readonly agentId: string | null
  readonly type: string
  readonly name: string
  readonly data: JsonValue
  readonly requirements: JsonValue
  readonly status: TaskStatus
  /** The greater, the more urgent. */
  readonly priority: number
  readonly result: JsonValue
  readonly error: string | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly createdAt: string
  /** When it was begun last. UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly startedAt: string | null
  /** When it ended, in whichever way. UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly completedAt: string | null
}

export const FLEETS: Shape<Fleet, 'name' | 'status'> = {
  table: 'fleets',
  columns: { id: 'name', name: 'name', config: 'json', status: 'name', createdAt: 'name', updatedAt: 'name' },
  filters: ['name', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const AGENTS: Shape<FleetAgent, 'fleetId' | 'type' | 'status'> = {
  table: 'agents',
  columns: {
    ...({ id: 'name', fleetId: 'name', type: 'name', status: 'name' } as const),
    ...({ config: 'json?', metrics: 'json?', createdAt: 'name', updatedAt: 'name' } as const),
  },
  filters: ['fleetId', 'type', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const REGISTRY: Shape<RegisteredAgent, 'type' | 'status'> = {
  table: 'agent_registry',
  columns: {
    ...({ id: 'name', type: 'name', capabilities: 'json', status: 'name' } as const),
    ...({ performance: 'json', createdAt: 'count', updatedAt: 'count' } as const),
  },
  filters: ['type', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const TASKS: Shape<FleetTask, 'fleetId' | 'agentId' | 'type' | 'status'> = {
  table: 'tasks',
  columns: {
    ...({ id: 'name', fleetId: 'name', agentId: 'name?', type: 'name', name: 'name' } as const),
    ...({ data: 'json?', requirements: 'json?' } as const),
    status: ['pending', 'assigned', 'running', 'completed', 'failed', 'cancelled'],
    ...({ priority: 'count', result: 'json?', error: 'text?' } as const),
    ...({ createdAt: 'name', startedAt: 'name?', completedAt: 'name?' } as const),
  },
  filters: ['fleetId', 'agentId', 'type', 'status'],
  order: 'priority DESC, created_at, rowid',
}
