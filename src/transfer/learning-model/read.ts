import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { checkCount, checkFinite, checkList, checkName, checkNumber, checkPositive, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import {
  EMPTY_IMPORT,
  type ImportedAgent,
  type ImportedExperience,
  type ImportedValue,
} from '../../learning/maintenance/import-batch.ts'
import { ExperiencesRead } from '../experiences-read.ts'
import { checkRecord, checkTime, type JsonRecord, orNull } from '../fields.ts'
import type { Reading, ReadProgress } from '../reading.ts'
import { SkippedRecords } from '../skipped-records.ts'
import { jsonOf, textOf } from '../text.ts'
import { PATTERN_COLUMNS, patternRow } from './pattern.ts'
import { readQTable } from './q-table.ts'

const FIELDS = [
  ...['agentId', 'qTable', 'experiences', 'patterns', 'config', 'performance', 'version', 'lastUpdated', 'size'],
  'visits',
]

/** Theirs, and ours for what theirs leave open. */
const EXPERIENCE_FIELDS = [
  ...['taskId', 'taskType', 'state', 'action', 'reward', 'nextState', 'timestamp', 'agentId', 'done'],
  ...['id', 'truncated', 'episodeId', 'behaviorProbability', 'actions', 'availableActions'],
]

/**
 * Reads a LearningModelState of agentic-qe: the Q-table is taken as values, the experiences and patterns beside it. Its names
 * are keys where they read as such, bare strings otherwise. Visits are not in that format: a value counts as many as the
 * file has experiences of its keys, and at least one, unless `visits` (which our own export adds) tells them. A foreign table
 * of nothing but zeros beside rewards is what a fault of that system left: it is not taken, so that the values can be derived
 * from the experiences.
 * @throws NOT_A_STORE for what is not JSON in UTF-8, INVALID_ARGUMENT with the path of what is wrong in it.
 */
export function* readLearningModelState(bytes: Uint8Array): Reading {
  const model = checkRecord(jsonOf(textOf(bytes)), 'the file')
  const skips = new SkippedRecords()
  const agentId = checkName(model.agentId, 'agentId')
  const version = orNull(model.version, (value) => checkName(value, 'version'))
  const lastUpdated = orNull(model.lastUpdated, (value) => checkTime(value, 'lastUpdated'))
  orNull(model.size, (value) => checkCount(value, 'size', 0))
  const performance = checkPerformance(model.performance ?? {}, skips)
  skips.others(model, FIELDS)
  const experiences = yield* readExperiences(model.experiences ?? [], agentId, skips)
  const values = yield* readValues(model, agentId, experiences)
  const isFaulty =
    model.visits === undefined &&
    values.every(({ value }) => value === 0) &&
    experiences.some(({ reward }) => reward !== 0)
  if (isFaulty && values.length > 0) {
    skips.add('qTable', 'it holds nothing but zeros beside experiences that had rewards', values.length)
  }
  const rows = checkList(model.patterns ?? [], 'patterns').map((pattern, i) =>
    patternRow(pattern, `patterns[${i}]`, agentId, skips),
  )
  const held = `${experiences.length} of ${performance.totalExperiences ?? experiences.length} experiences`
  return {
    ...EMPTY_IMPORT,
    agents: [{ id: agentId, configuration: readConfiguration(model.config ?? {}, skips) }],
    ...{ experiences, values: isFaulty ? [] : values },
    rows: rows.length === 0 ? [] : [{ table: 'patterns', columns: PATTERN_COLUMNS, rows }],
    skipped: skips.list(),
    notes: [`Written by version ${version ?? 'unknown'} on ${lastUpdated ?? 'an unknown day'}; it holds ${held}.`],
  }
}

function* readExperiences(
  told: unknown,
  agentId: string,
  skips: SkippedRecords,
): Generator<ReadProgress, readonly ImportedExperience[]> {
  const read = new ExperiencesRead(skips)
  const list = checkList(told, 'experiences')
  for (const [i, one] of list.entries()) {
    if (i % 1000 === 0) yield { what: 'experiences', done: i, total: list.length }
    const path = `experiences[${i}]`
    const { done: terminated, ...experience } = checkRecord(one, path)
    if ((experience.agentId ?? agentId) !== agentId)
      throw invalid(`${path}.agentId`, `"${agentId}"`, experience.agentId)
    const { taskId, taskType, state, action, reward, nextState, timestamp, id } = experience
    // Version 0.1.0 wrote another name for the actions.
    const { truncated, episodeId, behaviorProbability, availableActions, actions = availableActions } = experience
    skips.others(experience, EXPERIENCE_FIELDS, 'experiences: ')
    read.add(
      {
        ...{ agentId, id, taskId, taskType, state, action, reward, nextState, timestamp },
        ...{ terminated, truncated, episodeId, behaviorProbability, actions },
      },
      (field) => `${path}.${field === 'terminated' ? 'done' : field}`,
    )
  }
  return read.list
}

function* readValues(
  model: JsonRecord,
  agentId: string,
  experiences: readonly ImportedExperience[],
): Generator<ReadProgress, ImportedValue[]> {
  const counts = new Map<string, number>()
  for (const { state, action } of experiences) {
    const key = `${keyOf(state)}\0${keyOf(action)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const visits = checkRecord(model.visits ?? {}, 'visits')
  const visitsOf = (state: string, action: string): number => {
    const row = Object.hasOwn(visits, state) ? checkRecord(visits[state], 'visits of a state') : {}
    if (Object.hasOwn(row, action)) return checkCount(row[action], 'visits of an action', 0)
    return counts.get(`${keyOf(meaningOf(state))}\0${keyOf(meaningOf(action))}`) ?? 1
  }
  return yield* readQTable(model.qTable, 'qTable', { agentId, meaningOf, visitsOf })
}

/** What a text stands for: the value that it is the key of, or itself. */
function meaningOf(text: string): JsonValue {
  try {
    return parseKey(text)
  } catch {
    return text
  }
}

function readConfiguration(told: unknown, skips: SkippedRecords): ImportedAgent['configuration'] {
  const config = checkRecord(told, 'config')
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
  skips.others(config, Object.keys(rates), 'config: ')
  return Object.fromEntries(Object.entries(rates).filter(([, value]) => value !== null))
}

/** The three figures that are written; they follow from the experiences and are not taken. */
function checkPerformance(told: unknown, skips: SkippedRecords): { totalExperiences: number | null } {
  const performance = checkRecord(told, 'performance')
  orNull(performance.avgReward, (value) => checkFinite(value, 'performance.avgReward'))
  orNull(performance.successRate, (value) => checkNumber(value, 'performance.successRate', 0, 1))
  skips.others(performance, ['avgReward', 'successRate', 'totalExperiences'], 'performance: ')
  const count = (value: unknown): number => checkCount(value, 'performance.totalExperiences', 0)
  return { totalExperiences: orNull(performance.totalExperiences, count) }
}
