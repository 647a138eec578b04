import { AGENTS, FLEETS, type Fleet, type FleetAgent, REGISTRY, type RegisteredAgent } from '../../tables/fleet.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type ToldOfFleet = 'config' | 'status'
/** A fleet to create. */
export type NewFleet = NewRecord<Fleet, 'name', ToldOfFleet>
/** @inline */
export type Fleets = Records<Fleet, 'name', ToldOfFleet, 'name' | ToldOfFleet, 'name' | 'status'>

/** @inline */
type ToldOfAgent = 'status' | 'config' | 'metrics'
/** @inline */
type ChangingOfAgent = 'fleetId' | 'type' | ToldOfAgent
/** An agent of a fleet to create. */
export type NewFleetAgent = NewRecord<FleetAgent, 'fleetId' | 'type', ToldOfAgent>
/** @inline */
export type FleetAgents = Records<
  FleetAgent,
  'fleetId' | 'type',
  ToldOfAgent,
  ChangingOfAgent,
  'fleetId' | 'type' | 'status'
>

/** @inline */
type ToldOfRegistered = 'capabilities' | 'status' | 'performance'
/** An agent to register. */
export type NewRegisteredAgent = NewRecord<RegisteredAgent, 'type', ToldOfRegistered>
/** @inline */
export type AgentRegistry = Records<
  RegisteredAgent,
  'type',
  ToldOfRegistered,
  'type' | ToldOfRegistered,
  'type' | 'status'
>

export function fleets(core: Core): Fleets {
  return new Records(core, FLEETS, {
    what: 'a fleet',
    needed: ['name'],
    defaults: { config: {}, status: 'active' },
    changing: ['name', 'config', 'status'],
    made: (_, now) => ({ createdAt: sqlTime(now), updatedAt: sqlTime(now) }),
    changed: (_, __, now) => ({ updatedAt: sqlTime(now) }),
  })
}

export function fleetAgents(core: Core): FleetAgents {
  return new Records(core, AGENTS, {
    what: 'an agent of a fleet',
    needed: ['fleetId', 'type'],
    defaults: { status: 'idle', config: null, metrics: null },
    changing: ['fleetId', 'type', 'status', 'config', 'metrics'],
    made: (_, now) => ({ createdAt: sqlTime(now), updatedAt: sqlTime(now) }),
    changed: (_, __, now) => ({ updatedAt: sqlTime(now) }),
  })
}

export function agentRegistry(core: Core): AgentRegistry {
  return new Records(core, REGISTRY, {
    what: 'a registered agent',
    needed: ['type'],
    defaults: { capabilities: [], status: 'active', performance: {} },
    changing: ['type', 'capabilities', 'status', 'performance'],
    made: (_, now) => ({ createdAt: now, updatedAt: now }),
    changed: (_, __, now) => ({ updatedAt: now }),
  })
}
