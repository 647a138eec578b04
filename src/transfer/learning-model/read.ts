import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkPositive, invalid } from '../../checks.ts'
import { dataFieldOf, EXPERIENCE_FIELD_LIST } from '../../experience-fields.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Tally } from '../../learning/executions/tally.ts'
import {
  EMPTY_IMPORT,
  type ImportedAgent,
  type ImportedExperience,
  type ImportedValue,
} from '../../learning/maintenance/import-batch.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import type { Progress } from '../../learning/progress.ts'
import { fromSqlTime } from '../../tables/sql-time.ts'
import { ExperienceCollector } from '../experience-collector.ts'
import { checkRecord, checkTime, type JsonRecord, orNull } from '../fields.ts'
import { PATTERN_COLUMNS } from '../pattern-columns.ts'
import type { SourceReader } from '../source.ts'
import { jsonOf, textOf } from '../text.ts'
import { patternRow } from './pattern.ts'
import { readQTable } from './q-table.ts'

const FIELDS = [
  'agentId',
  'qTable',
  'experiences',
  'patterns',
  'config',
  'performance',
  'version',
  'lastUpdated',
  'size',
  'visits',
]

/** The names of agentic-qe, and ours for the remaining fields. */
const EXPERIENCE_NAMES = [...EXPERIENCE_FIELD_LIST.map(([field]) => dataFieldOf(field)), 'done', 'availableActions']

/**
 * Reads a LearningModelState of agentic-qe: values from its Q-table, experiences and patterns. Names in the table are parsed as keys, or
 * else are strings. That format has no visits: they are read from `visits`, which our export adds, or else are the number of
 * experiences of the state and action in the file, at least 1. A table of zeros beside experiences with rewards, in a file that is
 * not our export, is the effect of a bug in agentic-qe: it is skipped, so that the values are derived from the experiences.
 * @throws NOT_A_STORE for a file that is not JSON in UTF-8, INVALID_ARGUMENT with the path of the error.
 */
export function* readLearningModelState(bytes: Uint8Array): SourceReader {
  const model = checkRecord(jsonOf(textOf(bytes)), 'the file')
  const skipped = new SkippedRecords()
  const agentId = checkName(model.agentId, 'agentId')
  const version = orNull(model.version, (value) => checkName(value, 'version'))
  const lastUpdated = orNull(model.lastUpdated, (value) => fromSqlTime(checkTime(value, 'lastUpdated')))
  orNull(model.size, (value) => checkCount(value, 'size', 0))
  const performance = checkPerformance(model.performance ?? {}, skipped)
  skipped.addUnknownFields(model, FIELDS)
  const { list: experiences, unidentified } = yield* readExperiences(model.experiences ?? [], agentId, skipped)
  const values = yield* readValues(model, agentId, experiences)
  const isFaulty =
    model.visits === undefined &&
    values.every(({ value }) => value === 0) &&
    experiences.some(({ reward }) => reward !== 0)
  if (isFaulty && values.length > 0) {
    skipped.add('qTable', 'all values are 0 although experiences have rewards', values.length)
  }
  const rows = checkList(model.patterns ?? [], 'patterns').map((pattern, i) =>
    patternRow(pattern, `patterns[${i}]`, agentId, skipped),
  )
  const contents = `${experiences.length} of ${performance.totalExperiences ?? experiences.length} experiences`
  return {
    ...EMPTY_IMPORT,
    agents: [{ id: agentId, configuration: readConfiguration(model.config ?? {}, skipped) }],
    tallies: [{ agentId, ...tallyIn(performance, experiences) }],
    experiences,
    unidentified,
    values: isFaulty ? [] : values,
    rows: rows.length === 0 ? [] : [{ table: 'patterns', columns: PATTERN_COLUMNS, rows }],
    skipped: skipped.list(),
    notes: [`Written by version ${version ?? 'unknown'} on ${lastUpdated ?? 'an unknown day'}; it holds ${contents}.`],
  }
}

function* readExperiences(
  value: unknown,
  agentId: string,
  skipped: SkippedRecords,
): Generator<Progress, ExperienceCollector> {
  const experiences = new ExperienceCollector(skipped)
  const list = checkList(value, 'experiences')
  for (const [i, item] of list.entries()) {
    if (i % 1000 === 0) yield { what: 'experiences', done: i, total: list.length }
    const path = `experiences[${i}]`
    const { done: terminated, ...experience } = checkRecord(item, path)
    if ((experience.agentId ?? agentId) !== agentId)
      throw invalid(`${path}.agentId`, `"${agentId}"`, experience.agentId)
    // Version 0.1.0 wrote `availableActions`.
    const { availableActions, actions = availableActions } = experience
    skipped.addUnknownFields(experience, EXPERIENCE_NAMES, 'experiences: ')
    experiences.add(
      { ...experience, agentId, terminated, actions },
      (field) => `${path}.${field === 'terminated' ? 'done' : field}`,
    )
  }
  return experiences
}

function* readValues(
  model: JsonRecord,
  agentId: string,
  experiences: readonly ImportedExperience[],
): Generator<Progress, ImportedValue[]> {
  const counts = new Map<string, number>()
  for (const { state, action } of experiences) {
    const key = `${keyOf(state)}\0${keyOf(action)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const visits = checkRecord(model.visits ?? {}, 'visits')
  const visitsOf = (state: string, action: string): number => {
    const row = Object.hasOwn(visits, state) ? checkRecord(visits[state], 'visits of a state') : {}
    if (Object.hasOwn(row, action)) return checkCount(row[action], 'visits of an action', 0)
    return counts.get(`${keyOf(parseName(state))}\0${keyOf(parseName(action))}`) ?? 1
  }
  return yield* readQTable(model.qTable, 'qTable', { agentId, parseName, visitsOf })
}

/** The value of a key, or the text itself if it is not a key. */
function parseName(text: string): JsonValue {
  try {
    return parseKey(text)
  } catch {
    return text
  }
}

function readConfiguration(value: unknown, skipped: SkippedRecords): ImportedAgent['configuration'] {
  const config = checkRecord(value, 'config')
  const rates = {
    learningRate: orNull(config.learningRate, (rate) => checkPositive(rate, 'config.learningRate', 1)),
    discountFactor: orNull(config.discountFactor, (rate) => checkNumber(rate, 'config.discountFactor', 0, 1)),
    explorationRate: orNull(config.explorationRate, (rate) => checkNumber(rate, 'config.explorationRate', 0, 1)),
    explorationDecay: orNull(config.explorationDecay, (rate) => checkPositive(rate, 'config.explorationDecay', 1)),
    minExplorationRate: orNull(config.minExplorationRate, (rate) =>
      checkNumber(rate, 'config.minExplorationRate', 0, 1),
    ),
    type: orNull(config.type, (type) => checkName(type, 'config.type')),
  }
  skipped.addUnknownFields(config, Object.keys(rates), 'config: ')
  return Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== null))
}

interface Performance {
  readonly totalExperiences: number | null
  readonly successRate: number | null
  readonly tasks: number | null
}

/** Checks the statistics that agentic-qe writes, and the number of tasks, which our export adds. */
function checkPerformance(value: unknown, skipped: SkippedRecords): Performance {
  const performance = checkRecord(value, 'performance')
  orNull(performance.avgReward, (value) => checkFinite(value, 'performance.avgReward'))
  skipped.addUnknownFields(performance, ['avgReward', 'successRate', 'totalExperiences', 'tasks'], 'performance: ')
  const count = (name: 'totalExperiences' | 'tasks'): number | null =>
    orNull(performance[name], (value) => checkCount(value, `performance.${name}`, 0))
  return {
    totalExperiences: count('totalExperiences'),
    successRate: orNull(performance.successRate, (value) => checkNumber(value, 'performance.successRate', 0, 1)),
    tasks: count('tasks'),
  }
}

/** Each experience of agentic-qe is a task, a success if its reward is above 0. */
function tallyIn(
  { totalExperiences, successRate, tasks: ours }: Performance,
  experiences: readonly ImportedExperience[],
): Tally {
  const tasks = ours ?? totalExperiences ?? experiences.length
  const positive = experiences.filter(({ reward }) => reward > 0).length / Math.max(1, experiences.length)
  return { tasks, successes: Math.round((successRate ?? positive) * tasks) }
}
