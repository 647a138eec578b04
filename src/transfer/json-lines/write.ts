import { toJson } from '../../learning/core/experience.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { SHARED_FIELDS, STEP_FIELDS } from './fields.ts'

/** Limits of a line, so that an endless episode can be streamed. */
const MAX_STEPS = 1000
const MAX_CHARACTERS = 1024 * 1024

/**
 * Writes experiences as a dataset in JSON Lines, with the names of Minari's EpisodeData. A line is a sequence of T experiences in which
 * each state is the next state of the one before, with T + 1 observations, and T actions, rewards, terminations and truncations.
 * `infos` holds the fields without a name in Minari: `agentId`, `taskId`, `taskType` and `episodeId` of the line, and with T + 1
 * items (the first one, for the initial observation, is null) `id`, `timestamp`, `behaviorProbability` and `actions`. Reading the lines
 * gives the same experiences in the same order. A new line begins if the state is not the next state of the experience before, for
 * another agent, task or episode, after the end of an episode, and after 1000 steps or about a million characters. `id` is the number
 * of the line, from 0.
 * @param experiences oldest first. Lines are longest if the experiences of an agent are consecutive.
 */
export function* writeJsonLines(experiences: Iterable<RecordedExperience>): Generator<string, void, undefined> {
  let line: EpisodeLine | undefined
  let id = 0
  for (const experience of experiences) {
    if (line && !line.continuesWith(experience)) {
      yield line.text(id++)
      line = undefined
    }
    line ??= new EpisodeLine(experience)
    line.append(experience)
  }
  if (line) yield line.text(id)
}

/** Builds a line. Its lists of strings hold JSON. */
class EpisodeLine {
  readonly #shared: string
  readonly #observations: string[]
  readonly #actions: string[] = []
  /** One list per step field; the first item belongs to the start. */
  readonly #infos: readonly string[][] = STEP_FIELDS.map(() => ['null'])
  readonly #rewards: number[] = []
  readonly #terminations: boolean[] = []
  readonly #truncations: boolean[] = []
  #characters = 0

  constructor(first: RecordedExperience) {
    this.#shared = sharedBy(first)
    this.#observations = [toJson(first.state)]
  }

  continuesWith(next: RecordedExperience): boolean {
    return (
      !this.#terminations.at(-1) &&
      !this.#truncations.at(-1) &&
      this.#actions.length < MAX_STEPS &&
      this.#characters < MAX_CHARACTERS &&
      this.#shared === sharedBy(next) &&
      this.#observations.at(-1) === toJson(next.state)
    )
  }

  append(experience: RecordedExperience): void {
    const texts = [experience.nextState, experience.action, ...STEP_FIELDS.map((field) => experience[field])].map(
      toJson,
    )
    for (const [i, list] of [this.#observations, this.#actions, ...this.#infos].entries()) {
      const text = texts[i] ?? 'null'
      list.push(text)
      this.#characters += text.length
    }
    this.#rewards.push(experience.reward)
    this.#terminations.push(experience.terminated)
    this.#truncations.push(experience.truncated)
  }

  text(id: number): string {
    const infos = this.#infos.map((list, i) => `"${STEP_FIELDS[i]}":[${list}]`).join(',')
    return `{"id":${id},"observations":[${this.#observations}],"actions":[${this.#actions}],"rewards":[${this.#rewards}],"terminations":[${this.#terminations}],"truncations":[${this.#truncations}],"infos":{${this.#shared},${infos}}}\n`
  }
}

/** The members of `infos` that all experiences of a line share, as JSON. */
function sharedBy(experience: RecordedExperience): string {
  return JSON.stringify(Object.fromEntries(SHARED_FIELDS.map((field) => [field, experience[field]]))).slice(1, -1)
}
