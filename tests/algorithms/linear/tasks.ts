import { linearBandit } from '../../../examples/environments/contextual-bandit.ts'
import { normal } from '../../../examples/environments/normal.ts'
import { shuffled } from '../../../examples/prioritization/seeded.ts'
import type { Random } from '../../../src/algorithms/random.ts'
import type { JsonValue } from '../../../src/json-value.ts'
import type { Round, Task } from './played.ts'

/** Rewards without noise. */
function certain(state: JsonValue, means: readonly number[]): Round {
  return { state, means, rewardOf: (action) => means[action] ?? 0 }
}

/** Rewards of 0 and 1. */
function bernoulli(state: JsonValue, means: readonly number[], random: Random): Round {
  return { state, means, rewardOf: (action) => (random.next() < (means[action] ?? 0) ? 1 : 0) }
}

/** Two actions, of which one is right; 700 tasks, of which the last third counts. */
function eitherOr(stateOf: (random: Random) => readonly [state: JsonValue, isFirst: boolean]): Task {
  return {
    actions: ['first', 'second'],
    steps: 700,
    from: 467,
    rounds: (random) => () => {
      const [state, isFirst] = stateOf(random)
      return certain(state, isFirst ? [1, 0] : [0, 1])
    },
  }
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random.next() * items.length)] as T
}

const SHOP =
  'login checkout password invoice billing account session payment refund customer order coupon address'.split(' ')
const LOOK = 'layout button color sidebar animation font banner icon tooltip menu margin carousel theme'.split(' ')
const FILLERS = 'please fix test review update the in of before release again today for our new old slow page'.split(
  ' ',
)

function sentence(about: readonly string[], random: Random): string {
  const filler = (): string => pick(FILLERS, random)
  return [filler(), filler(), pick(about, random), filler(), pick(about, random), filler()].join(' ')
}

const TYPES = ['unit', 'integration', 'e2e', 'visual']

function fileName(random: Random): string {
  return `src/${pick(SHOP, random)}/${pick(LOOK, random)}-${Math.floor(random.next() * 1e6)}.test.ts`
}

export type TaskName =
  | 'one number'
  | 'a time in milliseconds'
  | 'four numbers'
  | 'free text'
  | 'mobile'
  | 'mobile, rewards of 0 and 1'
  | 'a type, and a file name that never recurs'
  | 'rewards around -500, with noise'
  | 'rewards of -1 and 1'
  | 'tasks that succeed or fail, with noise'
  | 'the best action is only a little better, and all are good'
  | 'linear rewards'

export const TASKS: Readonly<Record<TaskName, Task>> = {
  'one number': eitherOr((random) => {
    const x = random.next()
    return [{ x }, x > 0.5]
  }),
  'a time in milliseconds': eitherOr((random) => {
    const time = 1.7e12 + Math.floor(random.next() * 1e7)
    return [{ time }, time > 1.7e12 + 5e6]
  }),
  'four numbers': eitherOr((random) => {
    const [a, b, c, d] = [random.next(), random.next(), random.next(), random.next()]
    return [{ a, b, c, d }, a + b > 1]
  }),
  'free text': eitherOr((random) => {
    const isFirst = random.next() < 0.5
    return [sentence(isFirst ? SHOP : LOOK, random), isFirst]
  }),
  mobile: {
    actions: ['compact', 'plain', 'wide'],
    steps: 600,
    from: 300,
    rounds: (random) => () =>
      random.next() < 0.5 ? certain({ mobile: true }, [1, 0.6, 0]) : certain({ mobile: false }, [0, 0.6, 1]),
  },
  'mobile, rewards of 0 and 1': {
    actions: ['compact', 'plain', 'wide'],
    steps: 600,
    from: 300,
    rounds: (random) => () =>
      random.next() < 0.5
        ? bernoulli({ mobile: true }, [0.9, 0.5, 0.2], random)
        : bernoulli({ mobile: false }, [0.2, 0.5, 0.9], random),
  },
  'a type, and a file name that never recurs': {
    actions: ['s0', 's1', 's2', 's3'],
    steps: 600,
    from: 300,
    rounds: (random) => () => {
      const best = Math.floor(random.next() * 4)
      const state = { type: TYPES[best] ?? '', file: fileName(random) }
      return bernoulli(
        state,
        [0, 1, 2, 3].map((action) => (action === best ? 0.9 : 0.3)),
        random,
      )
    },
  },
  'rewards around -500, with noise': {
    actions: ['a', 'b', 'c'],
    steps: 700,
    from: 467,
    rounds: (random) => () => {
      const best = Math.floor(random.next() * 3)
      const means = [0, 1, 2].map((action) => (action === best ? -400 : -500))
      return {
        state: { type: TYPES[best] ?? '' },
        means,
        rewardOf: (action) => (means[action] ?? 0) + 20 * normal(random),
      }
    },
  },
  'rewards of -1 and 1': {
    actions: ['a', 'b', 'c'],
    steps: 700,
    from: 467,
    rounds: (random) => () => {
      const best = Math.floor(random.next() * 3)
      return certain(
        { type: TYPES[best] ?? '' },
        [0, 1, 2].map((action) => (action === best ? 1 : -1)),
      )
    },
  },
  'tasks that succeed or fail, with noise': {
    actions: ['a', 'b', 'c', 'd'],
    steps: 400,
    from: 300,
    rounds: (random) => {
      const orders = [0, 1].map(() => shuffled([0.9, 0.65, 0.45, 0.25], () => random.next()))
      return () => {
        const isHard = random.next() < 0.5
        const means = orders[Number(isHard)] ?? []
        return {
          state: { complexity: isHard ? 0.8 : 0.3, attempts: 0, type: isHard ? 'hard' : 'routine' },
          means,
          rewardOf: (action) =>
            random.next() < (means[action] ?? 0) ? 0.8 + 0.4 * random.next() : -0.6 + 0.2 * random.next(),
        }
      }
    },
  },
  'the best action is only a little better, and all are good': {
    actions: ['a', 'b', 'c'],
    steps: 1_000,
    from: 700,
    rounds: (random) => () => bernoulli({}, [0.85, 0.8, 0.99], random),
  },
  'linear rewards': {
    actions: [0, 1, 2, 3, 4, 5],
    steps: 1_000,
    from: 700,
    rounds: (random) => {
      const { actionNames, meanOf, reset } = linearBandit(random, 8, 6, 0.1)
      return () => {
        const state = reset(random)
        const means = actionNames.map((_, action) => meanOf(state, action))
        return { state, means, rewardOf: (action) => (means[action] ?? 0) + 0.1 * normal(random) }
      }
    },
  },
}
