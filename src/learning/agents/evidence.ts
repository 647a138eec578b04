import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import { EvidenceTable } from '../../tables/experience-evidence.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'

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
  /** Ids of experiences with this action in `states`, newest first, at most ten. */
  readonly experienceIds: readonly string[]
  /** The states that the recommendation is based on, most similar first, at most five. */
  readonly states: readonly StateOfEvidence[]
}

const LISTED_EXPERIENCES = 10

export const NO_EVIDENCE: Evidence = {
  from: 'nothing',
  visits: 0,
  lastUpdated: null,
  experienceIds: [],
  states: [],
}

/** The newest experiences with an action in any of these states. */
export function experienceIdsOf(
  core: Core,
  agentId: string,
  states: readonly JsonValue[],
  actionKey: string,
): string[] {
  const table = new EvidenceTable(core.connection)
  const action = toJson(parseKey(actionKey))
  return states
    .flatMap((state) => table.newest(agentId, toJson(state), action, LISTED_EXPERIENCES))
    .sort((a, b) => b.rowId - a.rowId)
    .flatMap(({ experienceId }) => experienceId ?? [])
    .slice(0, LISTED_EXPERIENCES)
}
