import { QE_AGENT_TYPES, type QeAgentType } from 'learning-store'
import type { Project } from './project.ts'

/** A task that the fleet has done and learned from. */
export interface TaskDone {
  readonly type: QeAgentType
  readonly number: number
  readonly strategy: string
  readonly success: boolean
}

/** Something of the fleet that learns, and the same of one that does not. */
export interface Both<T> {
  readonly taught: T
  readonly untaught: T
}

/** So many of the newest tasks make a moving average: of the fleet, and of one agent. */
export const WINDOW = 500
export const AGENT_WINDOW = 50

/** How one way to choose has done so far: running totals after each task, so that any stretch is a difference. */
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

  /** The share that succeeded of the last `window` of the first `tasks`; 0 before the first. */
  rate(tasks: number, window: number): number {
    const from = Math.max(0, tasks - window)
    return (this.successes(tasks) - this.successes(from)) / Math.max(1, tasks - from)
  }
}

class Scores implements Both<Score> {
  readonly taught: Score = new Score()
  readonly untaught: Score = new Score()
  tasks = 0
}

/**
 * The fleet that learns beside one that chooses by chance. Both get the same tasks, and meet the same luck with each; what
 * the second one does follows from the project, so it is nowhere stored.
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
    const any = project.untaught(type, number)
    const byChance = project.attempt(type, number, any).success
    const regret = { taught: project.regret(type, number, strategy), untaught: project.regret(type, number, any) }
    for (const scores of [this.#fleet, this.#agents.get(type)]) {
      if (scores === undefined) continue
      scores.taught.add(success, regret.taught)
      scores.untaught.add(byChance, regret.untaught)
      scores.tasks++
    }
  }

  get tasks(): number {
    return this.#fleet.tasks
  }

  /** How many tasks succeeded. */
  get successes(): Both<number> {
    return both(this.#fleet, (score) => score.successes(this.tasks))
  }

  /** The share that succeeded of the newest `WINDOW` tasks. */
  get rates(): Both<number> {
    return both(this.#fleet, (score) => score.rate(this.tasks, WINDOW))
  }

  /** How many successes fewer are to be expected of what was chosen than of the best strategies. */
  get regret(): Both<number> {
    return both(this.#fleet, (score) => score.regret(this.tasks))
  }

  /** How many tasks an agent has done, and what share of its newest `AGENT_WINDOW` succeeded. */
  ofAgent(type: QeAgentType): { readonly tasks: number; readonly rates: Both<number> } {
    const scores = this.#agents.get(type) ?? new Scores()
    return { tasks: scores.tasks, rates: both(scores, (score) => score.rate(scores.tasks, AGENT_WINDOW)) }
  }

  /** The way so far, at most `most` points of it, the newest among them. */
  curve(most: number): { readonly tasks: number[]; readonly rates: Both<number[]>; readonly regret: Both<number[]> } {
    const every = Math.max(1, Math.ceil(this.tasks / most))
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

function both<T>({ taught, untaught }: Both<Score>, of: (score: Score) => T): Both<T> {
  return { taught: of(taught), untaught: of(untaught) }
}
