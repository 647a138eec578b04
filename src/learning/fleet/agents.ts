import { AGENTS, FLEETS, type Fleet, type FleetAgent, REGISTRY, type RegisteredAgent } from '../../tables/fleet.ts'
import type { Core } from '../core/core.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type OptionalOfFleet = 'config' | 'status'
/** A fleet to create. */
export type NewFleet = NewRecord<Fleet, 'name', OptionalOfFleet>
/** @inline */
export type Fleets = Records<Fleet, 'name', OptionalOfFleet, 'name' | OptionalOfFleet, 'name' | 'status'>

/** @inline */
type OptionalOfAgent = 'status' | 'config' | 'metrics'
/** @inline */
type MutableOfAgent = 'fleetId' | 'type' | OptionalOfAgent
/** An agent of a fleet to create. */
export type NewFleetAgent = NewRecord<FleetAgent, 'fleetId' | 'type', OptionalOfAgent>
/** @inline */
export type FleetAgents = Records<
  FleetAgent,
  'fleetId' | 'type',
  OptionalOfAgent,
  MutableOfAgent,
  'fleetId' | 'type' | 'status'
>

/** @inline */
type OptionalOfRegistered = 'capabilities' | 'status' | 'performance'
/** An agent to register. */
export type NewRegisteredAgent = NewRecord<RegisteredAgent, 'type', OptionalOfRegistered>
/** @inline */
export type AgentRegistry = Records<
  RegisteredAgent,
  'type',
  OptionalOfRegistered,
  'type' | OptionalOfRegistered,
  'type' | 'status'
>

export function fleets(core: Core): Fleets {
  return new Records(core, FLEETS, {
    what: 'a fleet',
    required: ['name'],
    defaults: { config: {}, status: 'active' },
    mutable: ['name', 'config', 'status'],
    create: (_, now) => ({ createdAt: now, updatedAt: now }),
    update: (_, __, now) => ({ updatedAt: now }),
  })
}

export function fleetAgents(core: Core): FleetAgents {
  return new Records(core, AGENTS, {
    what: 'an agent of a fleet',
    required: ['fleetId', 'type'],
    defaults: { status: 'idle', config: null, metrics: null },
    mutable: ['fleetId', 'type', 'status', 'config', 'metrics'],
    create: (_, now) => ({ createdAt: now, updatedAt: now }),
    update: (_, __, now) => ({ updatedAt: now }),
  })
}

export function agentRegistry(core: Core): AgentRegistry {
  return new Records(core, REGISTRY, {
    what: 'a registered agent',
    required: ['type'],
    defaults: { capabilities: [], status: 'active', performance: {} },
    mutable: ['type', 'capabilities', 'status', 'performance'],
    create: (_, now) => ({ createdAt: now, updatedAt: now }),
    update: (_, __, now) => ({ updatedAt: now }),
  })
}
