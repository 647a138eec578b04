import { checkNumber } from '../../checks.ts'
import {
  HINTS,
  type Hint,
  SWARM_METRICS,
  SWARM_PATTERNS,
  type SwarmMetric,
  type SwarmPattern,
} from '../../tables/swarm.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** A hint without `expiresAt` never expires. */
export type NewHint = NewRecord<Hint, 'key' | 'value', 'expiresAt'>
/** @inline */
export type Hints = Records<Hint, 'key' | 'value', 'expiresAt', 'value' | 'expiresAt', 'key'>

/** @inline */
type OptionalOfPattern = 'usageCount' | 'metadata' | 'ttlMs'
/** A pattern of the swarm to create. */
export type NewSwarmPattern = NewRecord<SwarmPattern, 'pattern' | 'confidence', OptionalOfPattern>
/** @inline */
export type SwarmPatterns = Records<
  SwarmPattern,
  'pattern' | 'confidence',
  OptionalOfPattern,
  'confidence' | OptionalOfPattern,
  'pattern'
>

/** A measurement of the swarm to create. */
export type NewSwarmMetric = NewRecord<SwarmMetric, 'metric' | 'value', 'unit' | 'agentId'>
/** @inline */
export type SwarmMetrics = Records<
  SwarmMetric,
  'metric' | 'value',
  'unit' | 'agentId',
  'value' | 'unit',
  'metric' | 'agentId'
>

/** Hints, latest first. */
export function hints(core: Core): Hints {
  return new Records(core, HINTS, {
    what: 'a hint',
    required: ['key', 'value'],
    defaults: { expiresAt: null },
    mutable: ['value', 'expiresAt'],
    create: (_, now) => ({ createdAt: now }),
  })
}

/** Patterns of the swarm, most confident first. The confidence is in [0, 1]. */
export function swarmPatterns(core: Core): SwarmPatterns {
  return new Records(core, SWARM_PATTERNS, {
    what: 'a pattern',
    required: ['pattern', 'confidence'],
    defaults: { usageCount: 0, metadata: null, ttlMs: DEFAULT_LIFETIMES.patterns },
    mutable: ['confidence', 'usageCount', 'metadata', 'ttlMs'],
    create: ({ confidence, ttlMs }, now) => {
      checkNumber(confidence, 'confidence', 0, 1)
      return { createdAt: now, expiresAt: expiryOf(ttlMs, now) }
    },
    update: ({ createdAt }, { confidence = 0, ttlMs }) => {
      checkNumber(confidence, 'confidence', 0, 1)
      return ttlMs === undefined ? {} : { expiresAt: expiryOf(ttlMs, createdAt) }
    },
  })
}

/** Measurements of the swarm, latest first. */
export function swarmMetrics(core: Core): SwarmMetrics {
  return new Records(core, SWARM_METRICS, {
    what: 'a metric',
    required: ['metric', 'value'],
    defaults: { unit: '', agentId: null },
    mutable: ['value', 'unit'],
    create: (_, now) => ({ timestamp: now }),
  })
}
