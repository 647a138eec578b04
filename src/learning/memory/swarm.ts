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

/** `expiresAt` in ms since the epoch; never unless given. */
export type NewHint = NewRecord<Hint, 'key' | 'value', 'expiresAt'>
/** @inline */
export type Hints = Records<Hint, 'key' | 'value', 'expiresAt', 'value' | 'expiresAt', 'key'>

/** @inline */
type ToldOfPattern = 'usageCount' | 'metadata' | 'ttl'
/** A finding of the swarm to keep. */
export type NewSwarmPattern = NewRecord<SwarmPattern, 'pattern' | 'confidence', ToldOfPattern>
/** @inline */
export type SwarmPatterns = Records<
  SwarmPattern,
  'pattern' | 'confidence',
  ToldOfPattern,
  'confidence' | ToldOfPattern,
  'pattern'
>

/** A measurement of the swarm to keep. */
export type NewSwarmMetric = NewRecord<SwarmMetric, 'metric' | 'value', 'unit' | 'agentId'>
/** @inline */
export type SwarmMetrics = Records<
  SwarmMetric,
  'metric' | 'value',
  'unit' | 'agentId',
  'value' | 'unit',
  'metric' | 'agentId'
>

/** Hints, the latest first. */
export function hints(core: Core): Hints {
  return new Records(core, HINTS, {
    what: 'a hint',
    needed: ['key', 'value'],
    defaults: { expiresAt: null },
    changing: ['value', 'expiresAt'],
    made: (_, now) => ({ createdAt: now }),
  })
}

/** Patterns of the swarm, the most certain first. Their confidence is in [0, 1]. */
export function swarmPatterns(core: Core): SwarmPatterns {
  return new Records(core, SWARM_PATTERNS, {
    what: 'a pattern',
    needed: ['pattern', 'confidence'],
    defaults: { usageCount: 0, metadata: null, ttl: DEFAULT_LIFETIMES.patterns },
    changing: ['confidence', 'usageCount', 'metadata', 'ttl'],
    made: ({ confidence, ttl }, now) => {
      checkNumber(confidence, 'confidence', 0, 1)
      return { createdAt: now, expiresAt: expiryOf(ttl, now) }
    },
    changed: ({ createdAt }, { confidence = 0, ttl }) => {
      checkNumber(confidence, 'confidence', 0, 1)
      return ttl === undefined ? {} : { expiresAt: expiryOf(ttl, createdAt) }
    },
  })
}

/** Measurements of the swarm, the latest first. */
export function swarmMetrics(core: Core): SwarmMetrics {
  return new Records(core, SWARM_METRICS, {
    what: 'a metric',
    needed: ['metric', 'value'],
    defaults: { unit: '', agentId: null },
    changing: ['value', 'unit'],
    made: (_, now) => ({ timestamp: now }),
  })
}
