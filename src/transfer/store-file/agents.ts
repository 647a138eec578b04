import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { configurationIn, DEFAULTS } from '../../learning/core/learner-configuration.ts'
import type { ReplicaAgent } from '../../learning/maintenance/replica.ts'
import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase } from '../../sql/foreign-database.ts'
import { configurationOf } from '../../tables/learner-configuration.ts'
import { type KeyedValueRow, twinsSharing } from '../../tables/values.ts'
import { name } from '../foreign/column-types.ts'
import { type Cell, countOf, rowsOf } from './rows.ts'

/** Reads the agents of a store's file, with their values. Leaves out invalid values. */
export function* readAgents(database: ForeignDatabase): Generator<Progress, ReplicaAgent[]> {
  const pairs = new Map(yield* rowsOf(database, 'double_q_values', (cell) => [pairKey(cell), pairIn(cell)] as const))
  const values = grouped(yield* rowsOf(database, 'q_values', (cell) => valueIn(cell, pairs.get(pairKey(cell)))))
  const agents = yield* rowsOf(database, 'learning_agents', (cell) => {
    const id = String(name.parse(cell('agent_id')) ?? '')
    // Agents of schema 3 and earlier assume the scale 1.
    const scale = cell('reward_scale') === null ? { rewardScale: 1 } : {}
    const configuration = { ...DEFAULTS, ...configurationIn(configurationOf(cell)), ...scale }
    const squares = cell('deviation_squares')
    const rate = cell('current_exploration_rate')
    return {
      id,
      configuration,
      experienceCount: countOf(cell('experience_count')),
      deviationCount: countOf(cell('deviation_count')),
      deviationSquares: isFiniteNumber(squares) && squares > 0 && countOf(cell('deviation_count')) > 0 ? squares : 0,
      currentExplorationRate: isShare(rate) ? rate : configuration.explorationRate,
      configuredAt: String(cell('configured_at') ?? ''),
      removedCount: countOf(cell('removed_count')),
      values: values.get(id) ?? [],
    }
  })
  return agents.filter(({ id }) => id !== '')
}

function valueIn(cell: Cell, pair: Pair | undefined): [string, KeyedValueRow] | undefined {
  const [stateKey, actionKey, value] = [String(cell('state_key')), String(cell('action_key')), cell('q_value')]
  if (!isFiniteNumber(value) || !isKey(stateKey) || !isKey(actionKey)) return undefined
  const row = { stateKey, actionKey, value, visits: countOf(cell('visits')), lastUpdated: String(cell('last_updated')) }
  if (!pair) return [String(cell('agent_id')), row]
  // Files of schema 3 and earlier count the visits of both tables together.
  const { values, visits } = pair
  const twins = visits ? ([...values, ...visits] as const) : twinsSharing(row.visits, ...values)
  return [String(cell('agent_id')), { ...row, twins }]
}

/** The values in the two tables of Double Q-learning, and the visits of each. */
interface Pair {
  readonly values: readonly [number, number]
  readonly visits?: readonly [number, number]
}

function pairIn(cell: Cell): Pair | undefined {
  const [first, second] = [cell('first_value'), cell('second_value')]
  if (!isFiniteNumber(first) || !isFiniteNumber(second)) return undefined
  const values = [first, second] as const
  return cell('first_visits') === null
    ? { values }
    : { values, visits: [countOf(cell('first_visits')), countOf(cell('second_visits'))] }
}

function grouped<T>(rows: readonly (readonly [agentId: string, row: T] | undefined)[]): Map<string, T[]> {
  const agents = new Map<string, T[]>()
  for (const found of rows) {
    if (!found) continue
    const [agentId, row] = found
    const ofAgent = agents.get(agentId) ?? []
    ofAgent.push(row)
    agents.set(agentId, ofAgent)
  }
  return agents
}

function pairKey(cell: Cell): string {
  return JSON.stringify([cell('agent_id'), cell('state_key'), cell('action_key')])
}

function isKey(text: string): boolean {
  try {
    parseKey(text)
    return true
  } catch {
    return false
  }
}

function isFiniteNumber(value: SqlValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isShare(value: SqlValue): value is number {
  return isFiniteNumber(value) && value >= 0 && value <= 1
}
