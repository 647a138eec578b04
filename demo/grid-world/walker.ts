import type { ActionValue, Algorithm, AsyncAgent, AsyncStore } from 'learning-store'
import { cliffWalking, GRID } from '../../examples/environments/cliff-walking.ts'
import type { Random } from '../../examples/environments/environment.ts'
import { type AsyncLearner, runEpisodeAsync } from '../../examples/environments/episode.ts'
import { learnerOf } from '../../examples/environments/learner.ts'

/** As in example 6.6 of Sutton & Barto (2018). */
const LEARNING = { learningRate: 0.5, discountFactor: 1, explorationRate: 0.1, explorationDecay: 1 }
/** The environment is deterministic: nothing is drawn. */
const NO_RANDOM: Random = { next: () => 0 }

export const CELLS: readonly number[] = Array.from({ length: GRID.rows * GRID.columns }, (_, cell) => cell)
export const START: number = cliffWalking.startStates[0] ?? 0
export const GOAL: number = CELLS.length - 1

export function isCliff(cell: number): boolean {
  return cell > START && cell < GOAL
}

/** The learned values of a cell. */
export interface CellView {
  /** The value of the best action; undefined if none was tried. */
  readonly value: number | undefined
  /** The index of the best action. */
  readonly action: number | undefined
}

/** The path of the best actions from the start. */
export interface GreedyPath {
  /** The visited cells, starting with the start. */
  readonly cells: readonly number[]
  readonly reachesGoal: boolean
  /** The sum of the rewards. */
  readonly return: number
}

/** An agent that walks along the cliff. */
export class Walker {
  readonly algorithm: Algorithm
  /** The return of each episode so far. */
  readonly returns: number[] = []
  /** The position of the agent. */
  cell: number = START
  readonly #store: AsyncStore
  readonly #agent: AsyncAgent
  readonly #learner: AsyncLearner<number>

  private constructor(algorithm: Algorithm, store: AsyncStore, agent: AsyncAgent) {
    this.algorithm = algorithm
    this.#store = store
    this.#agent = agent
    this.#learner = learnerOf(agent, cliffWalking)
  }

  static async open(store: AsyncStore, algorithm: Algorithm): Promise<Walker> {
    return new Walker(algorithm, store, await store.agent(`cliff-${algorithm}`, { ...LEARNING, algorithm }))
  }

  /** Runs an episode. @param beforeStep each step waits for it; its rejection ends the episode. */
  async walk(beforeStep: () => Promise<void>): Promise<void> {
    this.cell = START
    const learner: AsyncLearner<number> = {
      selectAction: async (state) => {
        await beforeStep()
        return this.#learner.selectAction(state)
      },
      update: async (experience) => {
        await this.#learner.update(experience)
        this.cell = experience.nextState
      },
    }
    this.returns.push((await runEpisodeAsync(cliffWalking, learner, NO_RANDOM)).return)
  }

  /** The learned values of all cells, read from the store. */
  async view(): Promise<readonly CellView[]> {
    return (await this.#store.values.getMany(this.#agent.id, CELLS)).map(viewOf)
  }
}

function viewOf(values: readonly ActionValue[]): CellView {
  const [first, ...others] = values
  if (!first) return { value: undefined, action: undefined }
  const best = others.reduce((best, one) => (one.value > best.value ? one : best), first)
  return { value: best.value, action: cliffWalking.actionNames.indexOf(String(best.action)) }
}

export function greedyPath(view: readonly CellView[]): GreedyPath {
  const cells = [START]
  let sum = 0
  for (let at = START; at !== GOAL; at = cells.at(-1) ?? GOAL) {
    const action = view[at]?.action
    const [step] = action === undefined ? [] : cliffWalking.transitions(at, action)
    // A cycle. A fall leads back to the start.
    if (!step || cells.includes(step.nextState)) return { cells, reachesGoal: false, return: sum }
    cells.push(step.nextState)
    sum += step.reward
  }
  return { cells, reachesGoal: true, return: sum }
}

/** The mean of the last `window` returns at each episode. */
export function movingAverage(returns: readonly number[], window: number): number[] {
  return returns.map((_, i) => {
    const last = returns.slice(Math.max(0, i + 1 - window), i + 1)
    return last.reduce((sum, one) => sum + one, 0) / last.length
  })
}
