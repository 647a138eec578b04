import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** What a session had come to at a moment. */
export interface Checkpoint {
  /** ms since the epoch. */
  readonly at: number
  readonly state: JsonValue
}

/** What agents work in, with checkpoints to go on from. */
export interface FleetSession {
  readonly id: string
  readonly mode: string
  readonly state: JsonValue
  /** The oldest first. */
  readonly checkpoints: readonly Checkpoint[]
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; null where it never was. */
  readonly lastResumed: number | null
}

/** Something that happened. */
export interface FleetEvent {
  readonly id: string
  readonly type: string
  readonly payload: JsonValue
  /** ms since the epoch. */
  readonly timestamp: number
  readonly source: string
  /** In seconds; 0 stands for ever. */
  readonly ttl: number
  /** ms since the epoch. */
  readonly expiresAt: number | null
}

/** A file, say, that agents made; its content is elsewhere. */
export interface Artifact {
  readonly id: string
  readonly kind: string
  readonly path: string
  readonly sha256: string
  readonly tags: readonly string[]
  readonly metadata: JsonValue
  /** In seconds since it was created; 0 stands for ever. */
  readonly ttl: number
  /** ms since the epoch. */
  readonly createdAt: number
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
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly timestamp: string
}

export const SESSIONS: Shape<FleetSession, 'mode'> = {
  table: 'sessions',
  columns: {
    ...({ id: 'name', mode: 'name', state: 'json', checkpoints: 'json' } as const),
    ...({ createdAt: 'count', lastResumed: 'count?' } as const),
  },
  filters: ['mode'],
  order: 'created_at DESC, rowid DESC',
}

export const EVENTS: Shape<FleetEvent, 'type' | 'source'> = {
  table: 'events',
  columns: {
    ...({ id: 'name', type: 'name', payload: 'json', timestamp: 'count', source: 'name' } as const),
    ...({ ttl: 'lifetime', expiresAt: 'count?' } as const),
  },
  filters: ['type', 'source'],
  order: 'timestamp DESC, rowid DESC',
  alive: UNTIL_EXPIRY,
}

export const ARTIFACTS: Shape<Artifact, 'kind' | 'path' | 'sha256'> = {
  table: 'artifacts',
  columns: {
    ...({ id: 'name', kind: 'name', path: 'name', sha256: 'name', tags: 'names' } as const),
    ...({ metadata: 'json?', ttl: 'lifetime', createdAt: 'count' } as const),
  },
  filters: ['kind', 'path', 'sha256'],
  order: 'created_at DESC, rowid DESC',
  alive: 'ttl = 0 OR created_at + ttl * 1000 > ?',
}

export const METRICS: Shape<FleetMetric, 'fleetId' | 'agentId' | 'taskId' | 'metricType' | 'metricName'> = {
  table: 'metrics',
  columns: {
    ...({ id: 'count', fleetId: 'name?', agentId: 'name?', taskId: 'name?', metricType: 'name' } as const),
    ...({ metricName: 'name', metricValue: 'number', unit: 'text?', tags: 'json?', timestamp: 'name' } as const),
  },
  filters: ['fleetId', 'agentId', 'taskId', 'metricType', 'metricName'],
  order: 'timestamp DESC, id DESC',
}
