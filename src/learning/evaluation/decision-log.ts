import { StoreError } from '../../errors.ts'
import { type DecisionRow, DecisionsTable } from '../../tables/experience-decisions.ts'
import { LearningDecisionsTable } from '../../tables/learning-decisions.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { type Decision, Situations } from './situations.ts'

/** The logged decisions of an agent. */
export interface DecisionLog {
  readonly decisions: readonly Decision[]
  /** The same decisions by episode; undefined unless requested. */
  readonly episodes: readonly (readonly Decision[])[] | undefined
  readonly situations: Situations
  /** The id of the last row of the log. */
  readonly through: number
  /** Number of experiences that were left out, because the probability of their action is unknown. */
  readonly withoutProbability: number
}

/** Selects a part of an agent's log. */
export interface LogPart {
  readonly agentId: string
  readonly byEpisode: boolean
  /** Whether the estimator needs the probability of each action. */
  readonly needsProbability: boolean
  /** Maximum number of decisions or episodes, the newest; undefined for all. */
  readonly limit: number | undefined
  /** The id of the last row to read; undefined for all. */
  readonly through: number | undefined
}

/**
 * Reads the log of an agent. That of one with rewarded decisions, whose probabilities are recorded with them, is made of what has a
 * probability, where the estimator needs it and episodes are not counted as a whole.
 * @throws INVALID_ARGUMENT if episodes are requested and were not logged.
 */
export function decisionLog(
  core: Core,
  { agentId, byEpisode, needsProbability, limit, through: end }: LogPart,
): DecisionLog {
  const table = new DecisionsTable(core.connection)
  const through = end ?? table.rowAt(agentId, 0, Number.MAX_SAFE_INTEGER, false)
  const isOfDecisions = needsProbability && !byEpisode && hasRewarded(core, agentId)
  // The start of an episode is known only after reading all rows.
  const after = byEpisode || limit === undefined ? 0 : table.rowAt(agentId, limit, through, isOfDecisions)
  const rows = table.rows(agentId, after, through, isOfDecisions)
  const situations = new Situations()
  const episodes = byEpisode ? episodesOf(rows, situations).slice(limit === undefined ? 0 : -limit) : undefined
  const decisions = episodes?.flat() ?? Array.from(rows, (row) => situations.decision(row))
  situations.add(decisions)
  const withoutProbability = isOfDecisions ? table.countWithoutProbability(agentId, through) : 0
  return { decisions, episodes, situations, through, withoutProbability }
}

function hasRewarded(core: Core, agentId: string): boolean {
  const criteria = { agentId, status: 'rewarded', metadata: null } as const
  return new LearningDecisionsTable(core.connection).list(criteria, sqlTime(core.now()), 1, 0).length > 0
}

/**
 * Episodes in the order of their first experience. An episode ends with an experience that terminated or was truncated;
 * the next experience with its id starts another. An unfinished episode counts as it is.
 */
function episodesOf(rows: Iterable<DecisionRow>, situations: Situations): Decision[][] {
  const episodes: Decision[][] = []
  const open = new Map<string, Decision[]>()
  let [all, withoutEpisode] = [0, 0]
  for (const row of rows) {
    all++
    if (row.episodeId === null) {
      withoutEpisode++
      continue
    }
    const current = open.get(row.episodeId)
    const episode = current ?? []
    episode.push(situations.decision(row))
    if (!current) episodes.push(episode)
    if (row.isLast) open.delete(row.episodeId)
    else if (!current) open.set(row.episodeId, episode)
  }
  if (withoutEpisode > 0) {
    const expected = 'Expected an episodeId with every logged experience'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got none with ${withoutEpisode} of ${all}`)
  }
  return episodes
}
