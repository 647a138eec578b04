import { StoreError } from '../../errors.ts'
import { type DecisionRow, DecisionsTable } from '../../tables/experience-decisions.ts'
import type { Core } from '../core/core.ts'
import { type Decision, Situations } from './situations.ts'

/** What an agent decided, as its experiences tell it. */
export interface DecisionLog {
  readonly decisions: readonly Decision[]
  /** The same decisions; undefined where nobody asked for episodes. */
  readonly episodes: readonly (readonly Decision[])[] | undefined
  readonly situations: Situations
  /** The number of the last row that was looked at. */
  readonly through: number
}

/** Which part of what an agent experienced. */
export interface LogPart {
  readonly agentId: string
  readonly inEpisodes: boolean
  /** So many of the newest decisions, or episodes; all unless given. */
  readonly limit: number | undefined
  /** The number of the last row to look at; all unless given. */
  readonly through: number | undefined
}

/** @throws INVALID_ARGUMENT where episodes are asked for and were not logged. */
export function decisionLog(core: Core, { agentId, inEpisodes, limit, through: end }: LogPart): DecisionLog {
  const table = new DecisionsTable(core.connection)
  const through = end ?? table.rowAt(agentId, 0)
  // Where an episode begins is known only when all of it was read.
  const after = inEpisodes || limit === undefined ? 0 : table.rowAt(agentId, limit, through)
  const rows = table.rows(agentId, after, through)
  const situations = new Situations()
  const episodes = inEpisodes ? episodesOf(rows, situations).slice(limit === undefined ? 0 : -limit) : undefined
  const decisions = episodes?.flat() ?? Array.from(rows, (row) => situations.decision(row))
  situations.note(decisions)
  return { decisions, episodes, situations, through }
}

/**
 * In the order in which they began, each in the order of recording. One ends with an experience that terminated or was
 * truncated: the next under its id begins another. One that has not ended counts as it is.
 */
function episodesOf(rows: Iterable<DecisionRow>, situations: Situations): Decision[][] {
  const episodes: Decision[][] = []
  const open = new Map<string, Decision[]>()
  let [all, homeless] = [0, 0]
  for (const row of rows) {
    all++
    if (row.episodeId === null) {
      homeless++
      continue
    }
    const known = open.get(row.episodeId)
    const episode = known ?? []
    episode.push(situations.decision(row))
    if (!known) episodes.push(episode)
    if (row.isLast) open.delete(row.episodeId)
    else if (!known) open.set(row.episodeId, episode)
  }
  if (homeless > 0) {
    const expected = 'Expected an episodeId with every logged experience'
    throw new StoreError('INVALID_ARGUMENT', `${expected}, got none with ${homeless} of ${all}`)
  }
  return episodes
}
