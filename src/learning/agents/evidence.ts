import { type Interval, studentInterval } from '../../algorithms/intervals.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { momentsOf } from '../../algorithms/statistics.ts'
import type { JsonValue } from '../../json-value.ts'
import { type EvidenceRow, EvidenceTable } from '../../tables/experience-evidence.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'
import { transitionsOf } from '../core/transition.ts'

/** A state that a recommendation is based on. */
export interface StateOfEvidence {
  /** The state. */
  readonly state: JsonValue
  /** The key of the state. */
  readonly stateKey: string
  /** Gower's similarity coefficient to the queried state, in (0.5, 1]; 1 for the queried state itself. */
  readonly similarity: number
}

/** The evidence that a recommendation is based on. */
export interface Evidence {
  /** The queried state, states similar to it (if nothing was learned in it), all states (linear models), or nothing. */
  readonly from: 'this state' | 'similar states' | 'all states' | 'nothing'
  /** Number of experiences that the value is based on. */
  readonly visits: number
  /** When the value last changed: ISO 8601 in UTC; null if nothing was learned. */
  readonly lastUpdated: string | null
  /**
   * 95 % confidence interval, by Student's t, of the mean update target of the newest 50 experiences with this action
   * in this state: each is its reward plus the discounted current value of its next state, for one-step tasks just the
   * reward. The learned value moves towards that mean from 0 and may still lie outside. Null for fewer than two
   * experiences, and if the recommendation uses other states.
   */
  readonly interval: Interval | null
  /** Ids of experiences with this action in `states`, newest first, at most ten. */
  readonly experienceIds: readonly string[]
  /** The states that the recommendation is based on, most similar first, at most five. */
  readonly states: readonly StateOfEvidence[]
}

const LISTED_EXPERIENCES = 10
/** Bounds the cost of a recommendation; the newest, because environments change. */
const MEASURED_EXPERIENCES = 50

export const NO_EVIDENCE: Evidence = {
  from: 'nothing',
  visits: 0,
  lastUpdated: null,
  interval: null,
  experienceIds: [],
  states: [],
}

/** The evidence of the experiences with an action in the queried state. */
export function evidenceOfState(
  core: Core,
  agentId: string,
  state: JsonValue,
  actionKey: string,
): Pick<Evidence, 'interval' | 'experienceIds'> {
  const rows = rowsOf(core, agentId, state, actionKey, MEASURED_EXPERIENCES)
  return { interval: intervalOf(core, agentId, rows), experienceIds: idsOf(rows) }
}

/** The evidence of the experiences with an action in similar states. */
export function evidenceOfSimilarStates(
  core: Core,
  agentId: string,
  states: readonly JsonValue[],
  actionKey: string,
): Pick<Evidence, 'interval' | 'experienceIds'> {
  const rows = states.flatMap((state) => rowsOf(core, agentId, state, actionKey, LISTED_EXPERIENCES))
  return { interval: null, experienceIds: idsOf(rows.sort((a, b) => b.rowId - a.rowId)) }
}

function rowsOf(core: Core, agentId: string, state: JsonValue, actionKey: string, limit: number): EvidenceRow[] {
  return new EvidenceTable(core.connection).of(agentId, toJson(state), toJson(parseKey(actionKey)), limit)
}

function idsOf(rows: readonly EvidenceRow[]): string[] {
  return rows.flatMap(({ experienceId }) => experienceId ?? []).slice(0, LISTED_EXPERIENCES)
}

function intervalOf(core: Core, agentId: string, rows: readonly EvidenceRow[]): Interval | null {
  if (rows.length < 2) return null
  const learner = core.learners.get(agentId)
  const targets = transitionsOf(rows).map((transition) => core.updates.targetOf(learner, transition))
  const interval = studentInterval(momentsOf(targets))
  // The variance of rewards near Number.MAX_VALUE overflows.
  return Number.isFinite(interval.upper - interval.lower) ? interval : null
}
