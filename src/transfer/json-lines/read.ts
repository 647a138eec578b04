import { checkList, checkName, invalid } from '../../checks.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { ExperienceCollector, type UncheckedExperience } from '../experience-collector.ts'
import { checkRecord, type JsonRecord, orNull } from '../fields.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { jsonOfLine, linesOf, textOf } from '../text.ts'
import { MINARI, SHARED_FIELDS, STEP_FIELDS } from './fields.ts'

const FIELDS = ['id', 'observations', 'actions', 'rewards', 'terminations', 'truncations', 'infos']
/** Version 0.1.0 wrote `availableActions`. */
const INFOS = [...SHARED_FIELDS, ...STEP_FIELDS, 'availableActions']

/**
 * Reads a dataset in JSON Lines with the names of Minari's EpisodeData, one episode per line (see `writeJsonLines`). Without the
 * `infos` of `writeJsonLines`, the default of the agent and of the task type is `dataset`, the `id` of a line becomes the episode id,
 * and ids of experiences are derived from their content. Blank lines, CRLF and a byte order mark are allowed; a source can have up to
 * 256 MiB.
 * @throws NOT_A_STORE for text that is not UTF-8, INVALID_ARGUMENT with the line of the error.
 */
export function* readJsonLines(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const { agentId, taskType } = checkSourceDefaults(options, 'dataset')
  const skipped = new SkippedRecords()
  const experiences = new ExperienceCollector(skipped)
  let reported = -1000
  for (const line of linesOf(textOf(bytes))) {
    if (experiences.list.length >= reported + 1000) {
      reported = experiences.list.length
      yield { what: 'experiences', done: reported, total: undefined }
    }
    const where = `line ${line.number}`
    const episode = checkRecord(jsonOfLine(line), where)
    const infos = checkRecord(episode.infos ?? {}, `infos in ${where}`)
    skipped.addUnknownFields(episode, FIELDS)
    skipped.addUnknownFields(infos, INFOS, 'infos: ')
    const steps = checkList(episode.actions, `actions in ${where}`).length
    const listOf = (of: JsonRecord, name: string, length: number): readonly unknown[] => {
      const list = checkList(of[name], `${name} in ${where}`)
      if (list.length !== length)
        throw invalid(`${name} in ${where}`, `a list of ${length}`, `a list of ${list.length}`)
      return list
    }
    const observations = listOf(episode, 'observations', steps + 1)
    const [actions, rewards] = [listOf(episode, 'actions', steps), listOf(episode, 'rewards', steps)]
    const terminations = listOf(episode, 'terminations', steps)
    const truncations = listOf(episode, 'truncations', steps)
    const ofSteps = STEP_FIELDS.map((field) => {
      const name = field === 'actions' && infos.actions == null ? 'availableActions' : field
      return [field, infos[name] == null ? [] : listOf(infos, name, steps + 1)] as const
    })
    const shared = {
      agentId: infos.agentId ?? agentId,
      taskType: infos.taskType ?? taskType,
      taskId: infos.taskId,
      episodeId: infos.episodeId === undefined ? orNull(episode.id, (id) => episodeId(id, where)) : infos.episodeId,
    }
    for (let t = 0; t < steps; t++) {
      const ofStep = Object.fromEntries(ofSteps.map(([field, list]) => [field, list[t + 1]]))
      experiences.add(
        {
          ...shared,
          ...(ofStep as Pick<UncheckedExperience, (typeof STEP_FIELDS)[number]>),
          state: observations[t],
          action: actions[t],
          reward: rewards[t],
          nextState: observations[t + 1],
          terminated: terminations[t],
          truncated: truncations[t],
        },
        (field) => `${MINARI[field] ?? field} of step ${t} in ${where}`,
      )
    }
  }
  return { ...EMPTY_IMPORT, ...experiences.imported(), skipped: skipped.list() }
}

function episodeId(id: unknown, where: string): string {
  return typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : checkName(id, `id in ${where}`)
}
