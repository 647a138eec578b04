import { keyOf } from '../algorithms/keys.ts'
import { StoreError } from '../errors.ts'
import { PlainRows } from '../tables/plain-rows.ts'
import { sqlTime } from '../tables/sql-time.ts'
import type { Core } from './core.ts'
import { checkExperience } from './experience.ts'
import type { Intake, IntakeExperience, IntakeRows, IntakeValue, Skipped } from './intake.ts'
import { learn } from './learning.ts'

/** What came of one kind of record. */
export interface Change {
  /** A table, or a kind of record. */
  readonly what: string
  readonly added: number
  /** Records that were here already and are as they were. */
  readonly known: number
}

/** What a source brought in. */
export interface TakenIn {
  readonly changes: readonly Change[]
  readonly skipped: readonly Skipped[]
  /** What a person should know of it, in whole sentences. */
  readonly notes: readonly string[]
}

/** Tables whose rows mean what their columns say. What learning derives or counts is not among them. */
const PLAIN_TABLES: ReadonlySet<string> = new Set([
  ...['patterns', 'pattern_usage', 'learning_history', 'learning_metrics', 'execution_patterns', 'user_preferences'],
  ...['performance_metrics', 'metrics', 'test_pattern_usage', 'cross_project_mappings', 'pattern_similarity_index'],
  ...[
    'pattern_stats_cache',
    'memory_entries',
    'memory_acl',
    'hints',
    'memory_store',
    'swarm_patterns',
    'swarm_metrics',
  ],
  ...['fleets', 'agents', 'agent_registry', 'tasks', 'sessions', 'events', 'artifacts', 'workflow_state'],
  ...['consensus_state', 'goap_goals', 'goap_actions', 'goap_plans', 'ooda_cycles'],
])

/**
 * Takes in what a source holds and is not here; belongs into a transaction. Experiences are learned from in their order; a value is
 * taken where nothing was learned; of everything else what is here stays. A record that this store cannot keep is skipped and counted.
 */
export function takeIn(core: Core, intake: Intake): TakenIn {
  const skipped = new SkipCount(intake.skipped)
  const changes = [
    takeAgents(core, intake),
    takeExperiences(core, intake.experiences, skipped),
    takeValues(core, intake.values, skipped),
    ...intake.rows.map((rows) => takeRows(core, rows)),
  ]
  return {
    changes: changes.filter(({ added, known }) => added + known > 0),
    skipped: skipped.list(),
    notes: intake.notes,
  }
}

function takeAgents(core: Core, { agents }: Intake): Change {
  const fresh = agents.filter(({ id }) => core.learners.find(id) === undefined)
  for (const { id, configuration } of fresh) core.learners.open(id, configuration)
  return { what: 'agents', added: fresh.length, known: agents.length - fresh.length }
}

function takeExperiences(core: Core, experiences: readonly IntakeExperience[], skipped: SkipCount): Change {
  let [added, known] = [0, 0]
  for (const { agentId, timestamp, ...experience } of experiences) {
    const checked = skipped.unless('experiences', () =>
      checkExperience(definedOf(experience), { id: core.newId, taskType: 'agent' }),
    )
    if (!checked) continue
    core.learners.open(agentId, {})
    if (learn(core, agentId, checked, { timestamp: timestamp ?? undefined }).learned) added++
    else known++
  }
  return { what: 'experiences', added, known }
}

/** Absent is absent, not null. */
function definedOf(experience: Omit<IntakeExperience, 'agentId' | 'timestamp'>): Parameters<typeof checkExperience>[0] {
  const fields = Object.entries(experience).filter(([name, value]) => value !== null || name.endsWith('tate'))
  return Object.fromEntries(fields) as unknown as Parameters<typeof checkExperience>[0]
}

function takeValues(core: Core, values: readonly IntakeValue[], skipped: SkipCount): Change {
  let [added, known] = [0, 0]
  const lastUpdated = sqlTime(core.now())
  for (const { agentId, state, action, value, visits } of values) {
    const taken = skipped.unless('values', () => {
      core.learners.open(agentId, {})
      const [stateKey, actionKey] = [keyOf(state, 'state'), keyOf(action, 'action')]
      if (core.cells.get(agentId, stateKey, actionKey)) return false
      core.cells.set(agentId, stateKey, { actionKey, value, visits, lastUpdated })
      return true
    })
    if (taken) added++
    else if (taken === false) known++
  }
  return { what: 'values', added, known }
}

function takeRows(core: Core, { table, columns, rows }: IntakeRows): Change {
  if (!PLAIN_TABLES.has(table)) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a table whose rows can be taken as they are, got ${table}`)
  }
  const plain = new PlainRows(core.connection, table)
  const unknown = columns.find((name) => !plain.names.includes(name))
  if (unknown !== undefined) {
    throw new StoreError('INVALID_ARGUMENT', `Expected columns of ${table}, got ${unknown}`)
  }
  return { what: table, ...plain.add(columns, rows, { text: sqlTime(core.now()) }) }
}

/** What was skipped, by kind and reason. */
class SkipCount {
  readonly #counts = new Map<string, Skipped>()

  constructor(skipped: readonly Skipped[]) {
    for (const one of skipped) this.#add(one)
  }

  /** Answers undefined, and counts one more, where the work refuses a record. */
  unless<T>(what: string, work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'INVALID_ARGUMENT') throw error
      this.#add({ what, count: 1, reason: error.message })
      return undefined
    }
  }

  list(): Skipped[] {
    return [...this.#counts.values()]
  }

  #add({ what, count, reason }: Skipped): void {
    const key = `${what}\0${reason}`
    this.#counts.set(key, { what, reason, count: count + (this.#counts.get(key)?.count ?? 0) })
  }
}
