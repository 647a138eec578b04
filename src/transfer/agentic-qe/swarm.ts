import { count, integer, json, maybe, ms, name, number, or, text } from '../foreign/column-types.ts'
import type { Copy } from '../foreign/table-reader.ts'

/** Default lifetimes of agentic-qe, in seconds. */
const PATTERN_TTL = 604_800
const EVENT_TTL = 2_592_000

/** The tables of swarm-memory.db, which memory.db has, too. Their times are in ms since the epoch. */
export const SWARM_TABLES: readonly Copy[] = [
  {
    table: 'memory_entries',
    columns: {
      key: name,
      partition: or(name, 'default'),
      value: json,
      metadata: maybe(json),
      created_at: ms,
      expires_at: maybe(ms),
      owner: maybe(text),
      access_level: or(text, 'private'),
      team_id: maybe(text),
      swarm_id: maybe(text),
    },
  },
  {
    table: 'memory_acl',
    columns: {
      resource_id: name,
      owner: text,
      access_level: text,
      team_id: maybe(text),
      swarm_id: maybe(text),
      granted_permissions: maybe(json),
      blocked_agents: maybe(json),
      created_at: ms,
      updated_at: ms,
    },
  },
  { table: 'hints', columns: { id: integer, key: name, value: json, created_at: ms, expires_at: maybe(ms) } },
  {
    table: 'events',
    columns: {
      id: name,
      type: text,
      payload: json,
      timestamp: ms,
      source: text,
      ttl: or(number, EVENT_TTL),
      expires_at: maybe(ms),
    },
  },
  {
    table: 'workflow_state',
    columns: {
      id: name,
      step: text,
      status: text,
      checkpoint: text,
      sha: text,
      ttl: or(number, 0),
      created_at: ms,
      updated_at: ms,
    },
  },
  {
    table: 'consensus_state',
    columns: {
      id: name,
      decision: text,
      proposer: text,
      votes: json,
      quorum: integer,
      status: text,
      version: or(integer, 1),
      ttl: or(number, PATTERN_TTL),
      expires_at: maybe(ms),
      created_at: ms,
    },
  },
  {
    table: 'performance_metrics',
    ours: 'swarm_metrics',
    columns: { id: name, metric: text, value: number, unit: text, timestamp: ms, agent_id: maybe(text) },
  },
  {
    table: 'artifacts',
    columns: {
      id: name,
      kind: text,
      path: text,
      sha256: text,
      tags: json,
      metadata: maybe(json),
      ttl: or(number, 0),
      created_at: ms,
    },
  },
  {
    table: 'sessions',
    columns: { id: name, mode: text, state: json, checkpoints: json, created_at: ms, last_resumed: maybe(ms) },
  },
  {
    table: 'agent_registry',
    columns: {
      id: name,
      type: text,
      capabilities: json,
      status: text,
      performance: json,
      created_at: ms,
      updated_at: ms,
    },
  },
  {
    table: 'goap_goals',
    columns: { id: name, conditions: json, cost: number, priority: maybe(text), created_at: ms },
  },
  {
    table: 'goap_actions',
    columns: {
      id: name,
      preconditions: json,
      effects: json,
      cost: number,
      agent_type: maybe(text),
      created_at: ms,
    },
  },
  {
    table: 'goap_plans',
    columns: { id: name, goal_id: text, sequence: json, total_cost: number, created_at: ms },
  },
  {
    table: 'ooda_cycles',
    columns: {
      id: name,
      phase: text,
      observations: maybe(text),
      orientation: maybe(text),
      decision: maybe(text),
      action: maybe(text),
      timestamp: ms,
      completed: or(count, 0),
      result: maybe(text),
    },
  },
]

/** Swarm patterns. In memory.db their table has the name that agentic-qe's persistence document gives to strategies. */
export const SWARM_PATTERNS: Copy = {
  table: 'patterns',
  ours: 'swarm_patterns',
  columns: {
    id: name,
    pattern: text,
    confidence: number,
    usage_count: or(count, 0),
    metadata: maybe(json),
    ttl: or(number, PATTERN_TTL),
    expires_at: maybe(ms),
    created_at: ms,
  },
}
