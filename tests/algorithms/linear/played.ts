import { drawIndex } from '../../../src/algorithms/exploration.ts'
import { namedFeatures } from '../../../src/algorithms/features/named-features.ts'
import { ExactLinearLearner, type ExactLinearSettings } from '../../../src/algorithms/linear/exact-linear-learner.ts'
import { LinearLearner, type LinearSettings } from '../../../src/algorithms/linear/linear-learner.ts'
import { type Random, seededRandom } from '../../../src/algorithms/random.ts'
import type { JsonValue } from '../../../src/json-value.ts'

/** A state, and the reward of each action in it. */
export interface Round {
  readonly state: JsonValue
  /** Mean rewards, shape [A]. */
  readonly means: readonly number[]
  rewardOf(action: number): number
}

/** A task with bandit feedback: the learner sees the reward of the action that it took. */
export interface Task {
  readonly actions: readonly JsonValue[]
  readonly steps: number
  /** The first step that counts. */
  readonly from: number
  /** Starts the task. */
  rounds(random: Random): () => Round
}

export interface Player {
  probabilities(state: JsonValue, draw: () => number): readonly number[]
  learn(state: JsonValue, action: number, reward: number): void
}

/** The widths of new agents. */
const SCALES: Readonly<Record<ExactLinearSettings['algorithm'], number>> = { 'lin-ucb': Math.SQRT2, 'lin-ts': 0.5 }

export const DEFAULTS: LinearSettings = {
  policy: 'squarecb',
  epsilon: 0.05,
  actionFeatures: false,
  kinds: undefined,
}

export function linearPlayer(actions: readonly JsonValue[], settings: Partial<LinearSettings> = {}): Player {
  const learner = new LinearLearner({ ...DEFAULTS, ...settings })
  const keyed = actions.map((action) => ({ key: JSON.stringify(action), action }))
  return {
    probabilities: (state, draw) => learner.predict(state, keyed, draw).probabilities,
    learn: (state, action, reward) => {
      learner.learn(state, keyed[action] ?? { key: '', action: null }, reward)
    },
  }
}

export function exactPlayer(
  actions: readonly JsonValue[],
  algorithm: ExactLinearSettings['algorithm'],
  scale: number = SCALES[algorithm],
): Player {
  const learner = new ExactLinearLearner({ algorithm, scale })
  const keys = actions.map((action) => JSON.stringify(action))
  return {
    probabilities: (state, draw) => learner.predict(namedFeatures(state, undefined), keys, draw).probabilities,
    learn: (state, action, reward) => {
      learner.learn(namedFeatures(state, undefined), keys[action] ?? '', reward)
    },
  }
}

/** What a player did. */
export interface Played {
  /** The share of the steps that count in which it took one of the best actions. */
  readonly right: number
  /** The sum of what the best actions would have had more, over all steps. */
  readonly regret: number
}

export function played(task: Task, create: (actions: readonly JsonValue[]) => Player, seed: number): Played {
  const random = seededRandom(seed, 'task')
  const choices = seededRandom(seed, 'choices')
  const draw = (): number => choices.next()
  const next = task.rounds(random)
  const player = create(task.actions)
  let [right, regret] = [0, 0]
  for (let t = 0; t < task.steps; t++) {
    const { state, means, rewardOf } = next()
    const action = drawIndex(player.probabilities(state, draw), draw())
    const gap = Math.max(...means) - (means[action] ?? 0)
    regret += gap
    if (t >= task.from && gap === 0) right++
    player.learn(state, action, rewardOf(action))
  }
  return { right: right / (task.steps - task.from), regret }
}

/** Seeds from 0: none was searched for. */
export const SEEDS: number = process.env.LEARNING_STORE_LONG ? 20 : 5

/** The means over the seeds. */
export function meanPlayed(
  task: Task,
  create: (actions: readonly JsonValue[]) => Player,
  seeds: number = SEEDS,
): Played {
  const all = Array.from({ length: seeds }, (_, seed) => played(task, create, seed))
  const mean = (of: (one: Played) => number): number => all.reduce((sum, one) => sum + of(one), 0) / seeds
  return { right: mean(({ right }) => right), regret: mean(({ regret }) => regret) }
}
