import {
  ARTIFACTS,
  type Artifact,
  EVENTS,
  type FleetEvent,
  type FleetMetric,
  METRICS,
} from '../../tables/fleet-traces.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** An event to create. */
export type NewEvent = NewRecord<FleetEvent, 'type' | 'source', 'payload' | 'ttlMs'>
/** @inline */
export type Events = Records<FleetEvent, 'type' | 'source', 'payload' | 'ttlMs', 'payload' | 'ttlMs', 'type' | 'source'>

/** @inline */
type OptionalOfArtifact = 'tags' | 'metadata' | 'ttlMs'
/** An artifact to create. */
export type NewArtifact = NewRecord<Artifact, 'kind' | 'path' | 'sha256', OptionalOfArtifact>
/** @inline */
export type Artifacts = Records<
  Artifact,
  'kind' | 'path' | 'sha256',
  OptionalOfArtifact,
  'path' | 'sha256' | OptionalOfArtifact,
  'kind' | 'path' | 'sha256'
>

/** @inline */
type OfMetric = 'metricType' | 'metricName' | 'metricValue'
/** @inline */
type OptionalOfMetric = 'fleetId' | 'agentId' | 'taskId' | 'unit' | 'tags'
/** A measurement to create. */
export type NewFleetMetric = NewRecord<FleetMetric, OfMetric, OptionalOfMetric>
/** @inline */
export type FleetMetrics = Records<
  FleetMetric,
  OfMetric,
  OptionalOfMetric,
  'metricValue' | 'unit' | 'tags',
  'fleetId' | 'agentId' | 'taskId' | 'metricType' | 'metricName'
>

/** Events, latest first. */
export function events(core: Core): Events {
  return new Records(core, EVENTS, {
    what: 'an event',
    required: ['type', 'source'],
    defaults: { payload: null, ttlMs: DEFAULT_LIFETIMES.events },
    mutable: ['payload', 'ttlMs'],
    create: ({ ttlMs }, now) => ({ timestamp: now, expiresAt: expiryOf(ttlMs, now) }),
    update: ({ timestamp }, { ttlMs }) => (ttlMs === undefined ? {} : { expiresAt: expiryOf(ttlMs, timestamp) }),
  })
}

export function artifacts(core: Core): Artifacts {
  return new Records(core, ARTIFACTS, {
    what: 'an artifact',
    required: ['kind', 'path', 'sha256'],
    defaults: { tags: [], metadata: null, ttlMs: DEFAULT_LIFETIMES.artifacts },
    mutable: ['path', 'sha256', 'tags', 'metadata', 'ttlMs'],
    create: (_, now) => ({ createdAt: now }),
  })
}

export function fleetMetrics(core: Core): FleetMetrics {
  return new Records(core, METRICS, {
    what: 'a metric',
    required: ['metricType', 'metricName', 'metricValue'],
    defaults: { fleetId: null, agentId: null, taskId: null, unit: null, tags: null },
    mutable: ['metricValue', 'unit', 'tags'],
    create: (_, now) => ({ timestamp: now }),
  })
}
