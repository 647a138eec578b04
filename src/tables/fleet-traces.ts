import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** The state of a session at a time. */
export interface Checkpoint {
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly state: JsonValue
}

/** A session of agents, with checkpoints to resume from. */
export interface FleetSession {
  readonly id: string
  readonly mode: string
  readonly state: JsonValue
  /** Oldest first. */
  readonly checkpoints: readonly Checkpoint[]
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC; null if never. */
  readonly lastResumed: string | null
}

/** An event. */
export interface FleetEvent {
  readonly id: string
  readonly type: string
  readonly payload: JsonValue
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly source: string
  /** Lifetime in ms; 0 means forever. */
  readonly ttlMs: number
  /** ISO 8601 in UTC. */
  readonly expiresAt: string | null
}

/** A reference to a file or another artifact of agents. Its content is not stored. */
export interface Artifact {
  readonly id: string
  readonly kind: string
  readonly path: string
  readonly sha256: string
  readonly tags: readonly string[]
  readonly metadata: JsonValue
  /** Lifetime since its creation, in ms; 0 means forever. */
  readonly ttlMs: number
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** A measurement of a fleet, an agent or a task. */
export interface FleetMetric {
  readonly id: number
  readonly fleetId: string | null
  readonly agentId: string | null
  readonly taskId: string | null
  readonly metricType: string
  readonly metricName: string
  readonly metricValue: number
  readonly unit: string | null
  readonly tags: JsonValue
  /** ISO 8601 in UTC. */
  readonly timestamp: string
}

export const SESSIONS: Shape<FleetSession, 'mode'> = {
  table: 'sessions',
  columns: {
    id: 'name',
    mode: 'name',
    state: 'json',
    checkpoints: 'checkpoints',
    createdAt: 'epoch',
    lastResumed: 'epoch?',
  },
  filters: ['mode'],
  order: 'created_at DESC, rowid DESC',
}

export const EVENTS: Shape<FleetEvent, 'type' | 'source'> = {
  table: 'events',
  columns: {
    id: 'name',
    type: 'name',
    payload: 'json',
    timestamp: 'epoch',
    source: 'name',
    ttlMs: 'lifetime',
    expiresAt: 'epoch?',
  },
  filters: ['type', 'source'],
  order: 'timestamp DESC, rowid DESC',
  alive: UNTIL_EXPIRY,
}

export const ARTIFACTS: Shape<Artifact, 'kind' | 'path' | 'sha256'> = {
  table: 'artifacts',
  columns: {
    id: 'name',
    kind: 'name',
    path: 'name',
    sha256: 'name',
    tags: 'names',
    metadata: 'json?',
    ttlMs: 'lifetime',
    createdAt: 'epoch',
  },
  filters: ['kind', 'path', 'sha256'],
  order: 'created_at DESC, rowid DESC',
  alive: 'ttl = 0 OR created_at + ttl * 1000 > ?',
}

export const METRICS: Shape<FleetMetric, 'fleetId' | 'agentId' | 'taskId' | 'metricType' | 'metricName'> = {
  table: 'metrics',
  columns: {
    id: 'count',
    fleetId: 'name?',
    agentId: 'name?',
    taskId: 'name?',
    metricType: 'name',
    metricName: 'name',
    metricValue: 'number',
    unit: 'text?',
    tags: 'json?',
    timestamp: 'datetime',
  },
  filters: ['fleetId', 'agentId', 'taskId', 'metricType', 'metricName'],
  order: 'timestamp DESC, id DESC',
}
