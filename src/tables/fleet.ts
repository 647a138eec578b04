import type { JsonValue } from '../json-value.ts'
import type { Shape } from './record-table.ts'

/** A group of agents. */
export interface Fleet {
  readonly id: string
  readonly name: string
  readonly config: JsonValue
  readonly status: string
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
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
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

/** A registered agent of the swarm, with its capabilities. */
export interface RegisteredAgent {
  readonly id: string
  readonly type: string
  readonly capabilities: JsonValue
  readonly status: string
  readonly performance: JsonValue
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC. */
  readonly updatedAt: string
}

/** The status of a task. */
export type TaskStatus = 'pending' | 'assigned' | 'running' | 'completed' | 'failed' | 'cancelled'

/** A task for a fleet. */
export interface FleetTask {
  readonly id: string
  readonly fleetId: string
  readonly agentId: string | null
  readonly type: string
  readonly name: string
  readonly data: JsonValue
  readonly requirements: JsonValue
  readonly status: TaskStatus
  /** Priority; greater is more urgent. */
  readonly priority: number
  readonly result: JsonValue
  readonly error: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** Time of the last start, ISO 8601 in UTC. */
  readonly startedAt: string | null
  /** Time of completion, failure or cancellation, ISO 8601 in UTC. */
  readonly completedAt: string | null
}

export const FLEETS: Shape<Fleet, 'name' | 'status'> = {
  table: 'fleets',
  columns: { id: 'name', name: 'name', config: 'json', status: 'name', createdAt: 'datetime', updatedAt: 'datetime' },
  filters: ['name', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const AGENTS: Shape<FleetAgent, 'fleetId' | 'type' | 'status'> = {
  table: 'agents',
  columns: {
    id: 'name',
    fleetId: 'name',
    type: 'name',
    status: 'name',
    config: 'json?',
    metrics: 'json?',
    createdAt: 'datetime',
    updatedAt: 'datetime',
  },
  filters: ['fleetId', 'type', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const REGISTRY: Shape<RegisteredAgent, 'type' | 'status'> = {
  table: 'agent_registry',
  columns: {
    id: 'name',
    type: 'name',
    capabilities: 'json',
    status: 'name',
    performance: 'json',
    createdAt: 'epoch',
    updatedAt: 'epoch',
  },
  filters: ['type', 'status'],
  order: 'created_at DESC, rowid DESC',
}

export const TASKS: Shape<FleetTask, 'fleetId' | 'agentId' | 'type' | 'status'> = {
  table: 'tasks',
  columns: {
    id: 'name',
    fleetId: 'name',
    agentId: 'name?',
    type: 'name',
    name: 'name',
    data: 'json?',
    requirements: 'json?',
    status: ['pending', 'assigned', 'running', 'completed', 'failed', 'cancelled'],
    priority: 'count',
    result: 'json?',
    error: 'text?',
    createdAt: 'datetime',
    startedAt: 'datetime?',
    completedAt: 'datetime?',
  },
  filters: ['fleetId', 'agentId', 'type', 'status'],
  order: 'priority DESC, created_at, rowid',
}
