import { flag, integer, json, maybe, name, number, oneOf, or, text, time } from './column-types.ts'
import type { Copy } from './table-reader.ts'

/** The tables that memory.db alone has and that are ours but for names. Their times are UTC text. */
export const FLEET_TABLES: readonly Copy[] = [
  {
    table: 'memory_store',
    columns: {
      ...{ id: integer, key: name, value: text, namespace: or(name, 'default'), ttl: or(integer, 0) },
      ...{ metadata: maybe(json), created_at: maybe(time), expires_at: maybe(time) },
    },
  },
  {
    table: 'fleets',
    columns: { id: name, name: text, config: json, status: text, created_at: maybe(time), updated_at: maybe(time) },
  },
  {
    table: 'agents',
    columns: {
      ...{ id: name, fleet_id: text, type: text, status: text, config: maybe(json), metrics: maybe(json) },
      ...{ created_at: maybe(time), updated_at: maybe(time) },
    },
  },
  {
    table: 'tasks',
    columns: {
      ...{ id: name, fleet_id: text, agent_id: maybe(text), type: text, name: text, data: maybe(text) },
      ...{ requirements: maybe(text), status: text, priority: or(integer, 1), result: maybe(text), error: maybe(text) },
      ...{ created_at: maybe(time), started_at: maybe(time), completed_at: maybe(time) },
    },
  },
  {
    table: 'metrics',
    columns: {
      ...{ id: integer, fleet_id: maybe(text), agent_id: maybe(text), task_id: maybe(text), metric_type: text },
      ...{ metric_name: text, metric_value: number, unit: maybe(text), tags: maybe(text), timestamp: maybe(time) },
    },
  },
  {
    table: 'learning_history',
    columns: {
      ...{ id: integer, agent_id: name, pattern_id: maybe(text), state_representation: text, action: text },
      ...{ reward: number, next_state_representation: maybe(text), q_value: maybe(number) },
      ...{ episode: maybe(integer), timestamp: maybe(time) },
    },
  },
  {
    table: 'learning_metrics',
    columns: {
      ...{ id: integer, agent_id: name },
      metric_type: oneOf('accuracy', 'latency', 'quality', 'success_rate', 'improvement'),
      ...{ metric_value: number, baseline_value: maybe(number), improvement_percentage: maybe(number) },
      ...{ pattern_count: maybe(integer), context: maybe(text), timestamp: maybe(time) },
    },
  },
  {
    table: 'pattern_usage',
    columns: {
      ...{ id: integer, pattern_id: text, project_id: maybe(text), agent_id: maybe(text), context: maybe(text) },
      ...{ success: or(flag, 1), execution_time_ms: maybe(number), error_message: maybe(text), used_at: maybe(time) },
    },
  },
]
