import { checkList, checkName, invalid } from '../../checks.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { ExperiencesRead } from '../experiences-read.ts'
import { checkRecord, type JsonRecord, orNull } from '../fields.ts'
import { checkLearnedBy, type LearnedBy } from '../learned-by.ts'
import type { Reading } from '../reading.ts'
import { SkippedRecords } from '../skipped-records.ts'
import { jsonOfLine, linesOf, textOf } from '../text.ts'

const FIELDS = ['id', 'observations', 'actions', 'rewards', 'terminations', 'truncations', 'infos']
const SHARED = ['agentId', 'taskId', 'taskType', 'episodeId']
const OF_STEPS = ['id', 'timestamp', 'behaviorProbability', 'actions', 'availableActions']

/**
 * Reads a dataset in JSON Lines with the names of Minari's EpisodeData, one episode a line (see `writeJsonLines`). Without
 * `infos` of ours the agent and the task type are `dataset` unless given, the episode's `id` becomes the episode id, and ids of
 * experiences follow from what they hold. Empty lines,
 * CRLF and a byte order mark are nothing wrong; a source may have 256 MiB.
 * @throws NOT_A_STORE for what is not UTF-8, INVALID_ARGUMENT with the line of what is wrong.
 */
export function* readJsonLines(bytes: Uint8Array, options: LearnedBy = {}): Reading {
  const { agentId, taskType } = checkLearnedBy(options, 'dataset')
  const skips = new SkippedRecords()
  const read = new ExperiencesRead(skips)
  let told = -1000
  for (const line of linesOf(textOf(bytes))) {
    if (read.list.length >= told + 1000) {
      told = read.list.length
      yield { what: 'experiences', done: told, total: undefined }
    }
    const where = `line ${line.number}`
    const episode = checkRecord(jsonOfLine(line), where)
    const infos = checkRecord(episode.infos ?? {}, `infos in ${where}`)
    skips.others(episode, FIELDS)
    skips.others(infos, [...SHARED, ...OF_STEPS], 'infos: ')
    const steps = checkList(episode.actions, `actions in ${where}`).length
    const listOf = (of: JsonRecord, name: string, length: number): readonly unknown[] => {
      const list = checkList(of[name], `${name} in ${where}`)
      if (list.length !== length)
        throw invalid(`${name} in ${where}`, `a list of ${length}`, `a list of ${list.length}`)
      return list
    }
    const ofStep = (name: string): readonly unknown[] => (infos[name] == null ? [] : listOf(infos, name, steps + 1))
    const observations = listOf(episode, 'observations', steps + 1)
    const [actions, rewards] = [listOf(episode, 'actions', steps), listOf(episode, 'rewards', steps)]
    const terminations = listOf(episode, 'terminations', steps)
    const truncations = listOf(episode, 'truncations', steps)
    // Version 0.1.0 wrote another name.
    const offered = ofStep(infos.actions == null ? 'availableActions' : 'actions')
    const [ids, timestamps] = [ofStep('id'), ofStep('timestamp')]
    const [probabilities, available] = [ofStep('behaviorProbability'), offered]
    const shared = {
      agentId: infos.agentId ?? agentId,
      taskType: infos.taskType ?? taskType,
      taskId: infos.taskId,
      episodeId: infos.episodeId === undefined ? orNull(episode.id, (id) => episodeId(id, where)) : infos.episodeId,
    }
    for (let t = 0; t < steps; t++) {
      read.add(
        {
          ...{ ...shared, id: ids[t + 1], state: observations[t], action: actions[t], reward: rewards[t] },
          ...{ nextState: observations[t + 1], terminated: terminations[t], truncated: truncations[t] },
          ...{ timestamp: timestamps[t + 1], behaviorProbability: probabilities[t + 1] },
          actions: available[t + 1],
        },
        (field) => `${MINARI[field] ?? field} of step ${t} in ${where}`,
      )
    }
  }
  const agents = [...new Set(read.list.map((one) => one.agentId))].map((id) => ({ id, configuration: {} }))
  return { ...EMPTY_IMPORT, agents, experiences: read.list, skipped: skips.list() }
}

/** What a reader of a message looks for in the file. */
const MINARI: { readonly [field: string]: string } = {
  state: 'observations',
  nextState: 'observations after it',
  action: 'actions',
  reward: 'rewards',
  terminated: 'terminations',
  truncated: 'truncations',
}

function episodeId(id: unknown, where: string): string {
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : checkName(id, `id in ${where}`)
}
