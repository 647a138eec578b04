import { type AsyncStore, BaseAgent, QE_AGENT_TYPES, type QeAgentType, type TaskRun } from 'learning-store'
import type { Project, ProjectTask } from './project.ts'
import { STRATEGIES } from './strategies.ts'

/** An agent of the fleet. It knows its strategies and learns which of them works. */
class FleetAgent extends BaseAgent {
  readonly #project: Project
  readonly #type: QeAgentType

  constructor(type: QeAgentType, store: AsyncStore, project: Project, onLearningError: (error: unknown) => void) {
    // Two states that recur, and rewards with noise: a table of values, and Thompson sampling.
    super({ type, learning: { store, policy: 'thompson-gaussian' }, onLearningError })
    this.#project = project
    this.#type = type
  }

  protected override async performTask(task: ProjectTask, run: TaskRun): Promise<object> {
    const [a, b, c, d] = STRATEGIES[this.#type]
    const { strategy } = await run.choose([{ strategy: a }, { strategy: b }, { strategy: c }, { strategy: d }])
    const { success, executionTimeMs, quality } = this.#project.attempt(this.#type, task.number, strategy)
    const errors = success ? [] : [`${strategy} failed`]
    return { success, executionTime: executionTimeMs, quality, errors, executionId: task.id }
  }
}

interface Member {
  readonly type: QeAgentType
  readonly agent: FleetAgent
  /** Number of completed tasks, which is the number of its next task. */
  tasks: number
}

/**
 * The 18 agents at work in a project, on one store. The progress of an agent is its number of experiences in the store, so
 * another fleet on the same store continues where this one stopped.
 */
export class Fleet {
  readonly #store: AsyncStore
  readonly #project: Project
  readonly #members: readonly Member[]
  #failure: { readonly error: unknown } | undefined

  private constructor(store: AsyncStore, project: Project) {
    this.#store = store
    this.#project = project
    const onLearningError = (error: unknown): void => {
      this.#failure ??= { error }
    }
    this.#members = QE_AGENT_TYPES.map((type) => {
      return { type, agent: new FleetAgent(type, store, project, onLearningError), tasks: 0 }
    })
  }

  static async open(store: AsyncStore, project: Project): Promise<Fleet> {
    const fleet = new Fleet(store, project)
    await Promise.all(fleet.#members.map(({ agent }) => agent.initialize()))
    await fleet.#recount()
    return fleet
  }

  /** Number of completed tasks. */
  get tasks(): number {
    return this.#members.reduce((sum, { tasks }) => sum + tasks, 0)
  }

  /** Carries out the next `count` tasks, assigned in turn. Rejects with the error of the store; earlier tasks remain. */
  async work(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const fewest = Math.min(...this.#members.map(({ tasks }) => tasks))
      const next = this.#members.filter(({ tasks }) => tasks === fewest).slice(0, left)
      // Concurrently, so that the store gets one message for all. The agents learn independently, so their order does not matter.
      await Promise.all(next.map(({ type, agent, tasks }) => agent.executeTask(this.#project.task(type, tasks))))
      if (this.#failure) throw this.#failure.error
      for (const member of next) member.tasks++
      left -= next.length
    }
  }

  /** Deletes what all agents have learned, so that they start with their first tasks again. */
  async reset(): Promise<void> {
    await Promise.all(this.#members.map(({ type }) => this.#store.resetAgent(type)))
    await this.#recount()
  }

  async #recount(): Promise<void> {
    await Promise.all(
      this.#members.map(async (member) => {
        member.tasks = await member.agent.learning.getTotalExperiences()
      }),
    )
  }
}
