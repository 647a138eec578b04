import { toOrdered } from '../../learning/maintenance/canonical-order.ts'
import { byAgent, marksOf, sumsOf } from '../../learning/maintenance/merge-sums.ts'
import type { Replica } from '../../learning/maintenance/replica.ts'
import type { Progress } from '../../learning/progress.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { ForeignDatabase } from '../../sql/foreign-database.ts'
import type { ReplicatedRow } from '../../tables/experience-replicas.ts'
import type { OfferedActions, TransitionSums } from '../../tables/learning-sums.ts'
import { parsedJson } from '../foreign/column-types.ts'
import { type Cell, countOf, rowsOf, textOrNull } from './rows.ts'

/** Reads the sums of a store's file, and what they contain. Files of schema 3 and earlier have only experiences. */
export function* readSums(
  database: ForeignDatabase,
  replicaId: string,
  experiences: readonly ReplicatedRow[],
): Generator<Progress, Pick<Replica, 'sums' | 'marks'>> {
  const summed = yield* rowsOf(database, 'summed_replicas', markIn)
  const marks = marksOf(replicaId, new Map(summed.filter((one) => one !== undefined)), experiences)
  if (!database.table('learning_sums')) {
    return { sums: byAgent(sumsOf(experiences.map((row) => toOrdered(row, replicaId)))), marks }
  }
  const sums = (yield* rowsOf(database, 'learning_sums', sumsIn)).filter((one) => one !== undefined)
  const offered = (yield* rowsOf(database, 'offered_actions', offerIn)).filter((one) => one !== undefined)
  return { sums: byAgent({ sums, offered }), marks }
}

function sumsIn(cell: Cell): TransitionSums | undefined {
  const [state, action, nextState] = [json(cell('state')), json(cell('action')), json(cell('next_state'))]
  const [count, mean, m2] = [countOf(cell('count')), number(cell('mean')), number(cell('m2'))]
  const [least, greatest] = [number(cell('least')), number(cell('greatest'))]
  const isKnown = state !== undefined && action !== undefined && nextState !== undefined && count > 0
  if (!isKnown || mean === undefined || m2 === undefined || m2 < 0) return undefined
  if (least === undefined || greatest === undefined) return undefined
  const transition = {
    agentId: String(cell('agent_id')),
    state,
    action,
    nextState,
    terminated: cell('terminated') === 1,
  }
  return { ...transition, count, mean, m2, least, greatest }
}

function offerIn(cell: Cell): OfferedActions | undefined {
  const [state, actions] = [json(cell('state')), json(cell('actions'))]
  if (state === undefined || actions === undefined || !Array.isArray(parsedJson(actions))) return undefined
  return { agentId: String(cell('agent_id')), state, actions }
}

function markIn(cell: Cell): readonly [string, { sequence: number; experienceId: string | null }] | undefined {
  const sequence = countOf(cell('sequence'))
  if (sequence === 0) return undefined
  return [String(cell('replica_id')), { sequence, experienceId: textOrNull(cell('experience_id')) }]
}

function json(value: SqlValue): string | undefined {
  return parsedJson(value) === undefined ? undefined : String(value)
}

function number(value: SqlValue): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
