import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** A note for whoever looks for its key. */
export interface Hint {
  readonly id: number
  readonly key: string
  readonly value: JsonValue
  /** ms since the epoch. */
  readonly createdAt: number
  /** ms since the epoch; null stands for never. */
  readonly expiresAt: number | null
}

/** A pattern that the swarm found, each once. */
export interface SwarmPattern {
  readonly id: string
  readonly pattern: string
  readonly confidence: number
  readonly usageCount: number
  readonly metadata: JsonValue
  /** In seconds since it was created; 0 stands for ever. */
  readonly ttl: number
  /** ms since the epoch; null stands for never. */
  readonly expiresAt: number | null
  /** ms since the epoch. */
  readonly createdAt: number
}

/** A measurement that the swarm made. */
export interface SwarmMetric {
  readonly id: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** ms since the epoch. */
  readonly timestamp: number
  readonly agentId: string | null
}

export const HINTS: Shape<Hint, 'key'> = {
  table: 'hints',
  columns: { id: 'count', key: 'name', value: 'json', createdAt: 'count', expiresAt: 'count?' },
  filters: ['key'],
  order: 'id DESC',
  alive: UNTIL_EXPIRY,
}

export const SWARM_PATTERNS: Shape<SwarmPattern, 'pattern'> = {
  table: 'swarm_patterns',
  columns: {
    ...({ id: 'name', pattern: 'name', confidence: 'number', usageCount: 'count', metadata: 'json?' } as const),
    ...({ ttl: 'lifetime', expiresAt: 'count?', createdAt: 'count' } as const),
  },
  filters: ['pattern'],
  order: 'confidence DESC, rowid',
  alive: UNTIL_EXPIRY,
}

export const SWARM_METRICS: Shape<SwarmMetric, 'metric' | 'agentId'> = {
  table: 'swarm_metrics',
  columns: {
    ...({ id: 'name', metric: 'name', value: 'number', unit: 'text' } as const),
    ...({ timestamp: 'count', agentId: 'name?' } as const),
  },
  filters: ['metric', 'agentId'],
  order: 'timestamp DESC, rowid DESC',
}
