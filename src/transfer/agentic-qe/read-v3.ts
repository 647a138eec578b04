import type { JsonValue } from '../../json-value.ts'
import type { ImportedExperience } from '../../learning/maintenance/import-batch.ts'
import {
  clampedRate,
  count,
  flag,
  json,
  maybe,
  name,
  number,
  or,
  parsedJson,
  parsedObject,
  text,
  time,
  timeIfAny,
} from '../foreign/column-types.ts'
import type { ImportBuilder } from '../foreign/import-builder.ts'
import { plainData, plainOfKey } from '../foreign/plain.ts'
import type { Row, TableReader } from '../foreign/table-reader.ts'
import { version3Patterns } from './read-v3-patterns.ts'

/** The agent for the routing decisions of agentic-qe 3. */
export const ROUTER = 'agentic-qe-router'

/** Readers for the tables of agentic-qe 3 that correspond to tables of this store. */
export function version3Readers(): TableReader[] {
  return [...VERSION_3_EXPERIENCES, values(), ...version3Patterns()]
}

const VERSION_3_EXPERIENCES: readonly TableReader[] = [
  {
    table: 'captured_experiences',
    columns: {
      id: name,
      task: text,
      agent: name,
      domain: or(text, ''),
      success: or(flag, 0),
      quality: or(clampedRate, 0.5),
      steps_json: maybe(text),
      source: or(text, 'middleware'),
      completed_at: maybe(time),
    },
    add: (row, into) => {
      const { id, task, agent, domain, success, quality, source, completed_at } = row
      const steps = parsedJson(row.steps_json)
      const actions = (Array.isArray(steps) ? steps : []).flatMap((step) => textIn(parsedStep(step).action))
      // A task becomes one step: its action is what was executed, or else the recorder.
      const action = actions.length > 1 ? actions : (actions[0] ?? String(source))
      return experience(into, {
        id: String(id),
        agentId: String(agent),
        taskId: String(id),
        taskType: String(name.parse(domain ?? null) ?? 'task'),
        state: { domain: String(domain), task: String(task) },
        action,
        timestamp: textOrNull(completed_at),
        reward: rewardOf(success, quality),
        actions: null,
      })
    },
  },
  {
    table: 'routing_outcomes',
    columns: {
      id: name,
      task_json: json,
      decision_json: json,
      used_agent: name,
      success: flag,
      quality_score: clampedRate,
      created_at: maybe(time),
    },
    add: (row, into) => {
      // Without the id of the task: nothing can be learned about a state that never recurs.
      const { description, complexity, domains } = parsedObject(row.task_json)
      const state = plainData({ description, complexity, domains })
      if (state === undefined) return 'task_json is not plain data'
      const { recommended, alternatives } = parsedObject(row.decision_json)
      const others = (Array.isArray(alternatives) ? alternatives : []).flatMap((other) =>
        textIn(parsedStep(other).agent),
      )
      const offered = new Set([...textIn(recommended), ...others, String(row.used_agent)])
      return experience(into, {
        id: String(row.id),
        agentId: ROUTER,
        taskId: String(row.id),
        taskType: 'routing',
        state,
        action: String(row.used_agent),
        reward: rewardOf(row.success, row.quality_score),
        timestamp: textOrNull(row.created_at),
        actions: offered.size > 1 ? [...offered] : null,
      })
    },
  },
]

/** Of the values of several algorithms for an action in a state, the first is imported. */
function values(): TableReader {
  const seen = new Set<string>()
  return {
    table: 'rl_q_values',
    columns: {
      agent_id: name,
      state_key: text,
      action_key: text,
      q_value: number,
      visits: or(count, 0),
      updated_at: timeIfAny,
    },
    add: ({ agent_id, state_key, action_key, q_value, visits, updated_at }, into) => {
      const state = plainOfKey(String(state_key))
      const action = plainOfKey(String(action_key))
      if (state === undefined || action === undefined) return 'its keys are not plain data'
      if (q_value === 0) return 'the value is 0: nothing was learned'
      const cell = JSON.stringify([agent_id, state_key, action_key])
      if (seen.has(cell)) return 'another algorithm has a value for the same action'
      seen.add(cell)
      const value = { agentId: String(agent_id), state, action, value: Number(q_value), visits: Number(visits) }
      into.values.push({ ...value, lastUpdated: textOrNull(updated_at) })
      return undefined
    },
  }
}

/** The quality for a success, as in agentic-qe 3; quality - 1 for a failure, which agentic-qe also stores as a quality of -1. */
function rewardOf(success: Row[string] | undefined, quality: Row[string] | undefined): number {
  return success === 1 ? Number(quality) : Number(quality) - 1
}

/** Adds an experience that is an episode of its own. */
function experience(
  into: ImportBuilder,
  fields: Omit<ImportedExperience, 'nextState' | 'terminated' | 'truncated'>,
): undefined {
  into.experience({ ...fields, nextState: null, terminated: true, truncated: false })
}

function parsedStep(step: unknown): { readonly [name: string]: unknown } {
  return typeof step === 'object' && step !== null ? { ...step } : {}
}

function textIn(value: unknown): string[] {
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? [value] : []
}

function textOrNull(value: JsonValue | Uint8Array | undefined): string | null {
  return typeof value === 'string' ? value : null
}
