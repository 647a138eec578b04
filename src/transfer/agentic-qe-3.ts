import type { PlainValue } from '../algorithms/keys.ts'
import type { IntakeExperience } from '../learning/intake.ts'
import { FRAMEWORKS, PATTERN_TYPES } from './agentic-qe-bank.ts'
import type { Collection } from './collection.ts'
import { count, flag, json, maybe, name, number, or, parsedJson, parsedObject, rate, text, time } from './kinds.ts'
import { plainData, plainOfKey } from './plain.ts'
import type { Row, TableReader } from './table-reader.ts'

/** The learner that what agentic-qe 3 learned of routing is given to. */
export const ROUTER = 'agentic-qe-router'

/** Reads the tables of agentic-qe 3 that have a place here. */
export function version3Readers(): TableReader[] {
  return [...VERSION_3_TABLES, values()]
}

const VERSION_3_TABLES: readonly TableReader[] = [
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
        ...{ id: String(id), agentId: String(agent), taskId: String(id), taskType: String(domain) || 'task' },
        ...{ state: { domain: String(domain), task: String(task) }, action, timestamp: textOrNull(completed_at) },
        ...{ reward: rewardOf(success, quality), availableActions: null },
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
        ...{ timestamp: textOrNull(row.created_at), availableActions: offered.size > 1 ? [...offered] : null },
      })
    },
  },
  {
    table: 'qe_patterns',
    columns: {
      ...{ id: name, pattern_type: name, qe_domain: text, name: text, description: maybe(text), tier: maybe(text) },
      ...{
        confidence: or(rate, 0.5),
        usage_count: or(count, 0),
        success_rate: or(rate, 0),
        quality_score: or(rate, 0),
      },
      ...{ template_json: maybe(json), context_json: maybe(json), created_at: maybe(time), updated_at: maybe(time) },
      ...{ last_used_at: maybe(time), successful_uses: or(count, 0) },
    },
    take: (row, into) => (isTestPattern(row) ? testPattern(row, into) : strategy(row, into)),
  },
  {
    table: 'sona_patterns',
    columns: {
      ...{ id: name, type: name, domain: text, action_type: text, action_value: maybe(text), outcome_reward: number },
      ...{ outcome_success: or(flag, 0), confidence: or(rate, 0.5), usage_count: or(count, 0) },
      ...{
        success_count: or(count, 0),
        failure_count: or(count, 0),
        updated_at: maybe(time),
        last_used_at: maybe(time),
      },
    },
    take: (row, into) => {
      const { type, domain, action_type, action_value, outcome_reward, outcome_success, confidence, usage_count } = row
      const told = {
        domain,
        strategy: action_type,
        action: parsedJson(action_value) ?? action_value,
        reward: outcome_reward,
      }
      // The counts were never kept where the outcome was: what the row itself came of is then its one use.
      const counted = Number(row.success_count) + Number(row.failure_count)
      const successes = counted > 0 ? Number(row.success_count) : Number(outcome_success)
      const successRate = counted > 0 ? successes / counted : successes
      const lastUsed = row.last_used_at ?? row.updated_at ?? null
      return pattern(into, [
        `${String(type)}-strategy`,
        told,
        confidence,
        successRate,
        usage_count,
        lastUsed,
        successes,
      ])
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
  into: Collection,
  told: Omit<IntakeExperience, 'nextState' | 'terminated' | 'truncated' | 'episodeId' | 'behaviorProbability'>,
): undefined {
  const ended = { nextState: null, terminated: true, truncated: false, episodeId: null, behaviorProbability: null }
  into.experiences.push({ ...told, ...ended })
}

const PATTERN_COLUMNS = [
  ...['pattern_type', 'pattern_data', 'confidence', 'success_rate', 'usage_count', 'last_used', 'success_count'],
]

function pattern(into: Collection, [type, told, ...rest]: readonly unknown[]): string | undefined {
  const row = [type, JSON.stringify(told), ...rest] as Row[string][]
  into.row('patterns', PATTERN_COLUMNS, row)
  return undefined
}

function strategy(row: Row, into: Collection): string | undefined {
  const told = {
    ...{ id: row.id, name: row.name, description: row.description, domain: row.qe_domain, tier: row.tier },
    ...{ quality: row.quality_score, template: parsedJson(row.template_json) ?? null },
    context: parsedJson(row.context_json) ?? null,
  }
  const lastUsed = row.last_used_at ?? row.updated_at
  const { pattern_type, confidence, success_rate, usage_count, successful_uses } = row
  return pattern(into, [pattern_type, told, confidence, success_rate, usage_count, lastUsed, successful_uses])
}

/** Whether it says a framework and a kind of test that the pattern bank knows, and has a template. */
function isTestPattern(row: Row): boolean {
  const { framework, testType } = parsedObject(row.context_json)
  const known = FRAMEWORKS.some((one) => one === framework) && PATTERN_TYPES.some((one) => one === testType)
  return known && typeof row.template_json === 'string'
}

const TEST_PATTERN_COLUMNS = [
  ...['id', 'pattern_type', 'framework', 'language', 'code_signature_hash', 'code_signature', 'test_template'],
  ...['metadata', 'version', 'created_at', 'updated_at'],
]

function testPattern(row: Row, into: Collection): undefined {
  const { framework, testType, tags, language = 'typescript' } = parsedObject(row.context_json)
  const signature = { name: row.name, domain: row.qe_domain, type: row.pattern_type }
  const metadata = {
    ...{ name: row.name, description: row.description, tags: Array.isArray(tags) ? tags : [] },
    ...{ domain: row.qe_domain, qePatternType: row.pattern_type, tier: row.tier, confidence: row.confidence },
  }
  const hash = String(row.id)
  into.row('test_patterns', TEST_PATTERN_COLUMNS, [
    ...[String(row.id), String(testType), String(framework), language === 'javascript' ? 'javascript' : 'typescript'],
    ...[hash, JSON.stringify(signature), String(row.template_json), JSON.stringify(metadata), '1.0.0'],
    ...[row.created_at ?? null, row.updated_at ?? null],
  ])
}

function parsedStep(step: unknown): { readonly [name: string]: unknown } {
  return typeof step === 'object' && step !== null ? { ...step } : {}
}

function textIn(value: unknown): string[] {
  return typeof value === 'string' && value !== '' && value.isWellFormed() ? [value] : []
}

function textOrNull(value: PlainValue | Uint8Array | undefined): string | null {
  return typeof value === 'string' ? value : null
}
