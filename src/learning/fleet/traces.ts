import {
  ARTIFACTS,
  type Artifact,
  EVENTS,
  type FleetEvent,
  type FleetMetric,
  METRICS,
} from '../../tables/fleet-traces.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES, expiryOf } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** An event to create. */
export type NewEvent = NewRecord<FleetEvent, 'type' | 'source', 'payload' | 'ttl'>
/** @inline */
export type Events = Records<FleetEvent, 'type' | 'source', 'payload' | 'ttl', 'payload' | 'ttl', 'type' | 'source'>

/** @inline */
type ToldOfArtifact = 'tags' | 'metadata' | 'ttl'
/** An artifact to create. */
export type NewArtifact = NewRecord<Artifact, 'kind' | 'path' | 'sha256', ToldOfArtifact>
/** @inline */
export type Artifacts = Records<
  Artifact,
  'kind' | 'path' | 'sha256',
  ToldOfArtifact,
  'path' | 'sha256' | ToldOfArtifact,
  'kind' | 'path' | 'sha256'
>

/** @inline */
type OfMetric = 'metricType' | 'metricName' | 'metricValue'
/** @inline */
type ToldOfMetric = 'fleetId' | 'agentId' | 'taskId' | 'unit' | 'tags'
/** A measurement to create. */
export type NewFleetMetric = NewRecord<FleetMetric, OfMetric, ToldOfMetric>
/** @inline */
export type FleetMetrics = Records<
  FleetMetric,
  OfMetric,
  ToldOfMetric,
  'metricValue' | 'unit' | 'tags',
  'fleetId' | 'agentId' | 'taskId' | 'metricType' | 'metricName'
>

/** What happened, the latest first. */
export function events(core: Core): Events {
  return new Records(core, EVENTS, {
    what: 'an event',
    needed: ['type', 'source'],
    defaults: { payload: null, ttl: DEFAULT_LIFETIMES.events },
    changing: ['payload', 'ttl'],
    made: ({ ttl }, now) => ({ timestamp: now, expiresAt: expiryOf(ttl, now) }),
    changed: ({ timestamp }, { ttl }) => (ttl === undefined ? {} : { expiresAt: expiryOf(ttl, timestamp) }),
  })
}

export function artifacts(core: Core): Artifacts {
  return new Records(core, ARTIFACTS, {
    what: 'an artifact',
    needed: ['kind', 'path', 'sha256'],
    defaults: { tags: [], metadata: null, ttl: DEFAULT_LIFETIMES.artifacts },
    changing: ['path', 'sha256', 'tags', 'metadata', 'ttl'],
    made: (_, now) => ({ createdAt: now }),
  })
}

export function fleetMetrics(core: Core): FleetMetrics {
  return new Records(core, METRICS, {
    what: 'a metric',
    needed: ['metricType', 'metricName', 'metricValue'],
    defaults: { fleetId: null, agentId: null, taskId: null, unit: null, tags: null },
    changing: ['metricValue', 'unit', 'tags'],
    made: (_, now) => ({ timestamp: sqlTime(now) }),
  })
}
