import { QE_AGENT_TYPES, type QeAgentType } from 'learning-store'
import type { Project } from './project.ts'

/** A completed task that the fleet has learned from. */
export interface TaskDone {
  readonly type: QeAgentType
  readonly number: number
  readonly strategy: string
  readonly success: boolean
}

/** A quantity of the learning fleet and of one that chooses uniformly at random. */
export interface Both<T> {
  readonly learning: T
  readonly random: T
}

/** Window of the moving averages, in tasks, of the fleet and of one agent. */
export const WINDOW = 500
export const AGENT_WINDOW = 50

/** Results of one way to choose. Running totals after each task make the result of any window a difference. */
class Score {
  readonly #successes: number[] = [0]
  readonly #regret: number[] = [0]

  add(success: boolean, regret: number): void {
    this.#successes.push((this.#successes.at(-1) ?? 0) + (success ? 1 : 0))
    this.#regret.push((this.#regret.at(-1) ?? 0) + regret)
  }

  successes(tasks: number): number {
    return this.#successes[tasks] ?? 0
  }

  regret(tasks: number): number {
    return this.#regret[tasks] ?? 0
  }

  /** Success rate in the last `window` of the first `tasks` tasks; 0 before the first. */
  rate(tasks: number, window: number): number {
    const from = Math.max(0, tasks - window)
    return (this.successes(tasks) - this.successes(from)) / Math.max(1, tasks - from)
  }
}

class Scores implements Both<Score> {
  readonly learning: Score = new Score()
  readonly random: Score = new Score()
  tasks = 0
}

/**
 * Compares the learning fleet with one that chooses uniformly at random. Both get the same tasks with the same random draws.
 * The results of the random fleet follow from the project, so they are not stored.
 */
export class Comparison {
  readonly project: Project
  readonly #fleet = new Scores()
  readonly #agents: ReadonlyMap<QeAgentType, Scores> = new Map(QE_AGENT_TYPES.map((type) => [type, new Scores()]))

  constructor(project: Project) {
    this.project = project
  }

  add({ type, number, strategy, success }: TaskDone): void {
    const { project } = this
    const randomStrategy = project.randomStrategy(type, number)
    const randomSuccess = project.attempt(type, number, randomStrategy).success
    const regret = {
      learning: project.regret(type, number, strategy),
      random: project.regret(type, number, randomStrategy),
    }
    for (const scores of [this.#fleet, this.#agents.get(type)]) {
      if (scores === undefined) continue
      scores.learning.add(success, regret.learning)
      scores.random.add(randomSuccess, regret.random)
      scores.tasks++
    }
  }

  get tasks(): number {
    return this.#fleet.tasks
  }

  /** Number of successful tasks. */
  get successes(): Both<number> {
    return both(this.#fleet, (score) => score.successes(this.tasks))
  }

  /** Success rate in the latest `WINDOW` tasks. */
  get rates(): Both<number> {
    return both(this.#fleet, (score) => score.rate(this.tasks, WINDOW))
  }

  /** Expected number of successes forgone compared with the best strategies. */
  get regret(): Both<number> {
    return both(this.#fleet, (score) => score.regret(this.tasks))
  }

  /** Number of tasks of an agent, and its success rate in the latest `AGENT_WINDOW`. */
  ofAgent(type: QeAgentType): { readonly tasks: number; readonly rates: Both<number> } {
    const scores = this.#agents.get(type) ?? new Scores()
    return { tasks: scores.tasks, rates: both(scores, (score) => score.rate(scores.tasks, AGENT_WINDOW)) }
  }

  /** The history in at most `maxPoints` points, including the latest. */
  curve(maxPoints: number): {
    readonly tasks: number[]
    readonly rates: Both<number[]>
    readonly regret: Both<number[]>
  } {
    const every = Math.max(1, Math.ceil(this.tasks / maxPoints))
    const tasks: number[] = []
    for (let at = this.tasks; at > 0; at -= every) tasks.push(at)
    tasks.reverse()
    return {
      tasks,
      rates: both(this.#fleet, (score) => tasks.map((at) => score.rate(at, WINDOW))),
      regret: both(this.#fleet, (score) => tasks.map((at) => score.regret(at))),
    }
  }
}

function both<T>({ learning, random }: Both<Score>, of: (score: Score) => T): Both<T> {
  return { learning: of(learning), random: of(random) }
}
