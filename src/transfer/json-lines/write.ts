import { toJson } from '../../learning/core/experience.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'

/** A line is ended at so many steps or characters, so that an episode without end can be streamed. */
const MOST_STEPS = 1000
const MOST_CHARACTERS = 1024 * 1024

/**
 * Experiences as a dataset in JSON Lines, with the names of Minari's EpisodeData: a line is a run of experiences in which each
 * state is the next state of the one before, with T + 1 observations, T actions, rewards, terminations and truncations.
 * `infos` holds what Minari has no name for: once for the line `agentId`, `taskId`, `taskType` and `episodeId`, and with T + 1 items
 * (the first, of the start, is null) `id`, `timestamp`, `behaviorProbability` and `actions`. Read back they are
 * the same experiences in the same order. Where something else follows than the next state, another agent, task or
 * episode, an end of the episode, or after 1000 steps or about a million characters, a new line begins; `id` counts lines from 0.
 * @param experiences oldest first; those of an agent after each other make the longest lines.
 */
export function* writeJsonLines(experiences: Iterable<RecordedExperience>): Generator<string, void, undefined> {
  let line: EpisodeLine | undefined
  let id = 0
  for (const experience of experiences) {
    if (line && !line.goesOnWith(experience)) {
      yield line.text(id++)
      line = undefined
    }
    line ??= new EpisodeLine(experience)
    line.append(experience)
  }
  if (line) yield line.text(id)
}

/** One line in the making: its lists hold JSON. */
class EpisodeLine {
  readonly #shared: string
  readonly #observations: string[]
  readonly #actions: string[] = []
  readonly #ids: string[] = ['null']
  readonly #timestamps: string[] = ['null']
  readonly #probabilities: string[] = ['null']
  readonly #available: string[] = ['null']
  readonly #rewards: number[] = []
  readonly #terminations: boolean[] = []
  readonly #truncations: boolean[] = []
  #characters = 0

  constructor(first: RecordedExperience) {
    this.#shared = sharedBy(first)
    this.#observations = [toJson(first.state)]
  }

  goesOnWith(next: RecordedExperience): boolean {
    return (
      !this.#terminations.at(-1) &&
      !this.#truncations.at(-1) &&
      this.#actions.length < MOST_STEPS &&
      this.#characters < MOST_CHARACTERS &&
      this.#shared === sharedBy(next) &&
      this.#observations.at(-1) === toJson(next.state)
    )
  }

  append(experience: RecordedExperience): void {
    const { nextState, action, id, timestamp, behaviorProbability, actions } = experience
    const texts = [
      ...[toJson(nextState), toJson(action), JSON.stringify(id), JSON.stringify(timestamp)],
      ...[JSON.stringify(behaviorProbability), actions === null ? 'null' : toJson(actions)],
    ]
    const lists = [this.#observations, this.#actions, this.#ids, this.#timestamps, this.#probabilities, this.#available]
    for (const [i, text] of texts.entries()) {
      lists[i]?.push(text)
      this.#characters += text.length
    }
    this.#rewards.push(experience.reward)
    this.#terminations.push(experience.terminated)
    this.#truncations.push(experience.truncated)
  }

  text(id: number): string {
    return `{"id":${id},"observations":[${this.#observations}],"actions":[${this.#actions}],"rewards":[${this.#rewards}],"terminations":[${this.#terminations}],"truncations":[${this.#truncations}],"infos":{${this.#shared},"id":[${this.#ids}],"timestamp":[${this.#timestamps}],"behaviorProbability":[${this.#probabilities}],"actions":[${this.#available}]}}\n`
  }
}

/** What is told once for a line, as the members of a JSON object. */
function sharedBy({ agentId, taskId, taskType, episodeId }: RecordedExperience): string {
  return JSON.stringify({ agentId, taskId, taskType, episodeId }).slice(1, -1)
}
