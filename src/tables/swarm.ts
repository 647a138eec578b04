import type { JsonValue } from '../json-value.ts'
import { type Shape, UNTIL_EXPIRY } from './record-table.ts'

/** A hint for agents, found by its key. */
export interface Hint {
  readonly id: number
  readonly key: string
  readonly value: JsonValue
  /** ISO 8601 in UTC. */
  readonly createdAt: string
  /** ISO 8601 in UTC; null means never. */
  readonly expiresAt: string | null
}

/** A pattern of the swarm. */
export interface SwarmPattern {
  readonly id: string
  readonly pattern: string
  readonly confidence: number
  readonly usageCount: number
  readonly metadata: JsonValue
  /** Lifetime since its creation, in ms; 0 means forever. */
  readonly ttlMs: number
  /** ISO 8601 in UTC; null means never. */
  readonly expiresAt: string | null
  /** ISO 8601 in UTC. */
  readonly createdAt: string
}

/** A measurement of the swarm. */
export interface SwarmMetric {
  readonly id: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly agentId: string | null
}

export const HINTS: Shape<Hint, 'key'> = {
  table: 'hints',
  columns: { id: 'count', key: 'name', value: 'json', createdAt: 'epoch', expiresAt: 'epoch?' },
  filters: ['key'],
  order: 'id DESC',
  alive: UNTIL_EXPIRY,
}

export const SWARM_PATTERNS: Shape<SwarmPattern, 'pattern'> = {
  table: 'swarm_patterns',
  columns: {
    id: 'name',
    pattern: 'name',
    confidence: 'number',
    usageCount: 'count',
    metadata: 'json?',
    ttlMs: 'lifetime',
    expiresAt: 'epoch?',
    createdAt: 'epoch',
  },
  filters: ['pattern'],
  order: 'confidence DESC, rowid',
  alive: UNTIL_EXPIRY,
}

export const SWARM_METRICS: Shape<SwarmMetric, 'metric' | 'agentId'> = {
  table: 'swarm_metrics',
  columns: {
    id: 'name',
    metric: 'name',
    value: 'number',
    unit: 'text',
    timestamp: 'epoch',
    agentId: 'name?',
  },
  filters: ['metric', 'agentId'],
  order: 'timestamp DESC, rowid DESC',
}
