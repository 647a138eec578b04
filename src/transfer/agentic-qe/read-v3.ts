import type { JsonValue } from '../../json-value.ts'
import type { ImportedExperience } from '../../learning/maintenance/import-batch.ts'
import {
  count,
  flag,
  json,
  maybe,
  name,
  number,
  or,
  parsedJson,
  parsedObject,
  rate,
  text,
  time,
} from './column-types.ts'
import type { ImportBuilder } from './import-builder.ts'
import { plainData, plainOfKey } from './plain.ts'
import { VERSION_3_PATTERNS } from './read-v3-patterns.ts'
import type { Row, TableReader } from './table-reader.ts'

/** The learner that what agentic-qe 3 learned of routing is given to. */
export const ROUTER = 'agentic-qe-router'

/** Reads the tables of agentic-qe 3 that have a storage here. */
export function version3Readers(): TableReader[] {
  return [...VERSION_3_EXPERIENCES, values(), ...VERSION_3_PATTERNS]
}

const VERSION_3_EXPERIENCES: readonly TableReader[] = [
  {
    table: 'captured_experiences',
    columns: {
      ...{ id: name, task: text, agent: name, domain: or(text, ''), success: or(flag, 0), quality: or(rate, 0.5) },
      ...{ steps_json: maybe(text), source: or(text, 'middleware'), completed_at: maybe(time) },
    },
    take: (row, into) => {
      const { id, task, agent, domain, success, quality, source, completed_at } = row
      const steps = parsedJson(row.steps_json)
      const actions = (Array.isArray(steps) ? steps : []).flatMap((step) => textIn(parsedStep(step).action))
      // A task is one step here: what was executed, or else what recorded it.
      const action = actions.length > 1 ? actions : (actions[0] ?? String(source))
      return experience(into, {
        ...{
          id: String(id),
          agentId: String(agent),
          taskId: String(id),
          taskType: String(name.take(domain ?? null) ?? 'task'),
        },
        ...{ state: { domain: String(domain), task: String(task) }, action, timestamp: textOrNull(completed_at) },
        ...{ reward: rewardOf(success, quality), actions: null },
      })
    },
  },
  {
    table: 'routing_outcomes',
    columns: {
      ...{ id: name, task_json: json, decision_json: json, used_agent: name, success: flag, quality_score: rate },
      created_at: maybe(time),
    },
    take: (row, into) => {
      // The id of a task is left out: a state that never comes again teaches nothing.
      const { description, complexity, domains } = parsedObject(row.task_json)
      const state = plainData({ description, complexity, domains })
      if (state === undefined) return 'task_json is no plain data'
      const { recommended, alternatives } = parsedObject(row.decision_json)
      const others = (Array.isArray(alternatives) ? alternatives : []).flatMap((other) =>
        textIn(parsedStep(other).agent),
      )
      const offered = new Set([...textIn(recommended), ...others, String(row.used_agent)])
      return experience(into, {
        ...{ id: String(row.id), agentId: ROUTER, taskId: String(row.id), taskType: 'routing', state },
        ...{ action: String(row.used_agent), reward: rewardOf(row.success, row.quality_score) },
        ...{ timestamp: textOrNull(row.created_at), actions: offered.size > 1 ? [...offered] : null },
      })
    },
  },
]

/** Values of several algorithms for one action in one state: the first stands. */
function values(): TableReader {
  const seen = new Set<string>()
  return {
    table: 'rl_q_values',
    columns: { agent_id: name, state_key: text, action_key: text, q_value: number, visits: or(count, 0) },
    take: ({ agent_id, state_key, action_key, q_value, visits }, into) => {
      const state = plainOfKey(String(state_key))
      const action = plainOfKey(String(action_key))
      if (state === undefined || action === undefined) return 'its keys are no plain data'
      if (q_value === 0) return 'the value is 0: nothing was learned'
      const cell = JSON.stringify([agent_id, state_key, action_key])
      if (seen.has(cell)) return 'another algorithm has a value for the same action'
      seen.add(cell)
      into.values.push({ agentId: String(agent_id), state, action, value: Number(q_value), visits: Number(visits) })
      return undefined
    },
  }
}

/** A success is worth its quality, as agentic-qe 3 itself has it; a failure what it lacks of the best quality, below 0. */
function rewardOf(success: Row[string] | undefined, quality: Row[string] | undefined): number {
  return success === 1 ? Number(quality) : Number(quality) - 1
}

/** An experience that is an episode of its own. */
function experience(
  into: ImportBuilder,
  told: Omit<ImportedExperience, 'nextState' | 'terminated' | 'truncated' | 'episodeId' | 'behaviorProbability'>,
): undefined {
  const ended = { nextState: null, terminated: true, truncated: false, episodeId: null, behaviorProbability: null }
  into.experiences.push({ ...told, ...ended })
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
