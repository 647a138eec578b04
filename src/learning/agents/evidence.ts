import { type Interval, studentInterval } from '../../algorithms/intervals.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { momentsOf } from '../../algorithms/statistics.ts'
import type { JsonValue } from '../../json-value.ts'
import { type EvidenceRow, EvidenceTable } from '../../tables/experience-evidence.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'
import { transitionsOf } from '../core/transition.ts'

/** A state that recommendation rests on. */
export interface StateOfEvidence {
  readonly state: JsonValue
  readonly stateKey: string
  /** By Gower's coefficient, in (0.5, 1]; 1 for the very state that was asked about. */
  readonly similarity: number
}

/** What recommendation rests on. */
export interface Evidence {
  /** The very state that was asked about, or, where nothing was learned in it, states like it; for lin-ucb all states at once. */
  readonly from: 'this state' | 'similar states' | 'all states' | 'nothing'
  /** How many experiences the value rests on. */
  readonly visits: number
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly lastUpdated: string | null
  /**
   * 95 % confidence, by Student's t, for the mean of what the newest 50 experiences with this action in this state show: each its
   * reward and the discounted worth of the state it led to, as known now; for tasks of one step just the mean reward.
   * The learned value moves towards that mean from 0 and may still lie outside. Null for fewer than two experiences, and where
   * the recommendation comes from other states as well: they say nothing certain about this one.
   */
  readonly interval: Interval | null
  /** Experiences with this action in this state or those below, newest first, at most ten. */
  readonly experienceIds: readonly string[]
  /** The most similar first, at most five. */
  readonly states: readonly StateOfEvidence[]
}

const EXPERIENCES_TOLD = 10
/** As many as a recommendation can afford to read; the newest, because environments change. */
const EXPERIENCES_MEASURED = 50

export const NO_EVIDENCE: Evidence = {
  ...{ from: 'nothing', visits: 0, lastUpdated: null, interval: null, experienceIds: [], states: [] },
}

/** What the experiences with an action in this very state say. */
export function evidenceHere(
  core: Core,
  agentId: string,
  state: JsonValue,
  actionKey: string,
): Pick<Evidence, 'interval' | 'experienceIds'> {
  const rows = rowsOf(core, agentId, state, actionKey, EXPERIENCES_MEASURED)
  return { interval: intervalOf(core, agentId, rows), experienceIds: idsOf(rows) }
}

/** What the experiences with an action in other states say. */
export function evidenceThere(
  core: Core,
  agentId: string,
  states: readonly JsonValue[],
  actionKey: string,
): Pick<Evidence, 'interval' | 'experienceIds'> {
  const rows = states.flatMap((state) => rowsOf(core, agentId, state, actionKey, EXPERIENCES_TOLD))
  return { interval: null, experienceIds: idsOf(rows.sort((a, b) => b.rowId - a.rowId)) }
}

function rowsOf(core: Core, agentId: string, state: JsonValue, actionKey: string, most: number): EvidenceRow[] {
  return new EvidenceTable(core.connection).of(agentId, toJson(state), toJson(parseKey(actionKey)), most)
}

function idsOf(rows: readonly EvidenceRow[]): string[] {
  return rows.flatMap(({ experienceId }) => experienceId ?? []).slice(0, EXPERIENCES_TOLD)
}

function intervalOf(core: Core, agentId: string, rows: readonly EvidenceRow[]): Interval | null {
  if (rows.length < 2) return null
  const learner = core.learners.get(agentId)
  const targets = transitionsOf(rows).map((transition) => core.updates.targetOf(learner, transition))
  const interval = studentInterval(momentsOf(targets))
  // Rewards near the end of the range of numbers leave no room for a spread.
  return Number.isFinite(interval.upper - interval.lower) ? interval : null
}
