import type { PlainValue } from '../algorithms/keys.ts'
import { checkCount, checkName, checkOptions } from '../checks.ts'
import type { ExperienceRow, ExperiencesTable } from '../tables/experiences.ts'
import { sqlTime } from '../tables/sql-time.ts'
import type { Core } from './core.ts'
import { checkExperience, type Experience } from './experience.ts'

/** An experience as it is kept. */
export interface RecordedExperience
  extends Required<Omit<Experience, 'taskId' | 'episodeId' | 'availableActions' | 'behaviorProbability'>> {
  readonly agentId: string
  readonly taskId: string | null
  readonly episodeId: string | null
  readonly availableActions: readonly PlainValue[] | null
  readonly behaviorProbability: number | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly timestamp: string
}

/** Which experiences to answer. */
export interface ListExperiences {
  readonly agentId?: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** The experiences of all agents. */
export class Experiences {
  readonly #core: Core
  readonly #table: ExperiencesTable

  constructor(core: Core) {
    this.#core = core
    this.#table = core.experiences
  }

  /** Keeps an experience without learning from it. Answers its id. */
  record(agentId: string, experience: Experience): string {
    const { type } = this.#core.learners.get(checkName(agentId, 'agent id'))
    const { row } = checkExperience(experience, { id: this.#core.newId, taskType: type })
    const timestamp = sqlTime(this.#core.now())
    this.#core.transaction(() => this.#table.append({ ...row, agentId, timestamp }))
    this.#core.models.forget()
    return row.experienceId
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT */
  get(agentId: string, id: string): RecordedExperience | undefined {
    const row = this.#table.get(checkName(agentId, 'agent id'), checkName(id, 'id'))
    return row && toExperience(row)
  }

  /** Newest first. */
  list(options: ListExperiences = {}): RecordedExperience[] {
    const { agentId, limit = 100, offset = 0 } = checkOptions(options, 'the options', ['agentId', 'limit', 'offset'])
    if (agentId !== undefined) checkName(agentId, 'agentId')
    return this.#table.list(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)).map(toExperience)
  }

  /** How many there are, of one agent or of all. @throws INVALID_ARGUMENT */
  count(options: { readonly agentId?: string } = {}): number {
    const { agentId } = checkOptions(options, 'the options', ['agentId'])
    return this.#table.count(agentId === undefined ? undefined : checkName(agentId, 'agentId'))
  }
}

function toExperience({
  experienceId,
  state,
  action,
  nextState,
  availableActions,
  ...rest
}: ExperienceRow): RecordedExperience {
  return {
    ...rest,
    id: experienceId,
    state: JSON.parse(state) as PlainValue,
    action: JSON.parse(action) as PlainValue,
    nextState: JSON.parse(nextState) as PlainValue,
    availableActions: availableActions === null ? null : (JSON.parse(availableActions) as PlainValue[]),
  }
}
