import { QE_AGENT_TYPES, type QeAgentType, type Task } from 'learning-store'
import { seeded, shuffled } from '../../examples/prioritization/seeded.ts'
import { STRATEGIES } from './strategies.ts'

export type Difficulty = 'routine' | 'hard'

export const DIFFICULTIES: readonly Difficulty[] = ['routine', 'hard']

/** The complexity that an agent sees, by difficulty. */
export const COMPLEXITY: { readonly [D in Difficulty]: number } = { routine: 0.3, hard: 0.8 }

/** Success rates of the four strategies before they are shuffled. Each is then changed by at most SPREAD. */
const CHANCES = [0.9, 0.65, 0.45, 0.25]
const SPREAD = 0.05

/** True success rates of the strategies of an agent by difficulty, which the agents do not know. */
export interface Truth {
  readonly type: QeAgentType
  readonly difficulty: Difficulty
  /** Success rate by strategy, in [0, 1]. */
  readonly chances: ReadonlyMap<string, number>
  readonly best: string
}

/** A task of the project. */
export interface ProjectTask extends Task {
  readonly difficulty: Difficulty
  /** Index of the task among those of its agent, from 0. */
  readonly number: number
}

export interface Attempt {
  readonly success: boolean
  readonly executionTimeMs: number
  /** In [0, 1]. */
  readonly quality: number
}

/** A simulated project with tasks for each agent and outcomes of each strategy. Everything follows from the seed. */
export class Project {
  readonly seed: number
  readonly truths: readonly Truth[]

  constructor(seed: number) {
    this.seed = seed
    const random = seeded(seed)
    this.truths = QE_AGENT_TYPES.flatMap((type) =>
      DIFFICULTIES.map((difficulty) => {
        const shuffledChances = shuffled(STRATEGIES[type], random).map((strategy, i) => {
          const chance = (CHANCES[i] ?? 0) + SPREAD * (2 * random() - 1)
          return [strategy, Math.round(100 * chance) / 100] as const
        })
        // In the order of the strategies, so that the order reveals nothing.
        const chances = new Map(STRATEGIES[type].map((name) => [name, new Map(shuffledChances).get(name) ?? 0]))
        return { type, difficulty, chances, best: shuffledChances[0]?.[0] ?? '' }
      }),
    )
  }

  truthOf(type: QeAgentType, difficulty: Difficulty): Truth {
    const at = 2 * QE_AGENT_TYPES.indexOf(type) + DIFFICULTIES.indexOf(difficulty)
    return this.truths[at] as Truth
  }

  /** The task of an agent type with this index. */
  task(type: QeAgentType, number: number): ProjectTask {
    const difficulty = this.#draws(type, number)() < 0.5 ? 'routine' : 'hard'
    const capability = type.replace('qe-', '')
    return {
      id: `${type}#${number}`,
      type: `${capability}/${difficulty}`,
      difficulty,
      number,
      complexity: COMPLEXITY[difficulty],
      requiredCapabilities: [capability],
    }
  }

  /** The outcome of a task. All strategies share the same draw: a strategy succeeds wherever one with a lower success rate does. */
  attempt(type: QeAgentType, number: number, strategy: string): Attempt {
    const [, luck = 0, pace = 0, care = 0] = this.#numbers(type, number)
    const success = luck < this.#chance(type, number, strategy)
    return { success, executionTimeMs: Math.round(5_000 + 20_000 * pace), quality: success ? 0.6 + 0.4 * care : 0 }
  }

  /** A uniform random strategy. */
  randomStrategy(type: QeAgentType, number: number): string {
    const [, , , , draw = 0] = this.#numbers(type, number)
    return STRATEGIES[type][Math.floor(4 * draw)] ?? ''
  }

  /** Difference between the success rate of the best strategy and of this one, in [0, 1]. */
  regret(type: QeAgentType, number: number, strategy: string): number {
    const { chances, best } = this.truthOf(type, this.task(type, number).difficulty)
    return (chances.get(best) ?? 0) - (chances.get(strategy) ?? 0)
  }

  #chance(type: QeAgentType, number: number, strategy: string): number {
    return this.truthOf(type, this.task(type, number).difficulty).chances.get(strategy) ?? 0
  }

  #numbers(type: QeAgentType, number: number): number[] {
    const random = this.#draws(type, number)
    return Array.from({ length: 5 }, random)
  }

  /** The random numbers of one task, independent of other tasks. */
  #draws(type: QeAgentType, number: number): () => number {
    return seeded(this.seed * 1_000_003 + QE_AGENT_TYPES.indexOf(type) * 100_003 + number)
  }
}

/** The mean success rate when every agent takes the best strategy. */
export function bestRate({ truths }: Project): number {
  return truths.reduce((sum, { chances, best }) => sum + (chances.get(best) ?? 0), 0) / truths.length
}
