import { describe, expect, test } from 'vitest'
import { gaussianBandit, testbedBandit } from '../../examples/environments/bandits.ts'
import { cliffWalking } from '../../examples/environments/cliff-walking.ts'
import { linearBandit } from '../../examples/environments/contextual-bandit.ts'
import { type Experience, runEpisode, runEpisodeAsync } from '../../examples/environments/episode.ts'
import { taxi } from '../../examples/environments/taxi.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { momentsOf } from '../../src/algorithms/statistics.ts'

/** Follows given actions and records its experiences. */
function follower(actions: readonly number[]): {
  readonly seen: Experience<number>[]
  selectAction(): number
  update(experience: Experience<number>): void
} {
  const seen: Experience<number>[] = []
  return {
    seen,
    selectAction: () => actions[seen.length] ?? 0,
    update: (experience) => {
      seen.push(experience)
    },
  }
}

/** Along the cliff: up, eleven times right, down. */
const PATH = [0, ...Array.from({ length: 11 }, () => 1), 2]

describe('runEpisode', () => {
  test('ends with the environment', () => {
    const learner = follower(PATH)
    expect(runEpisode(cliffWalking, learner, seededRandom(1, 'episode'))).toEqual({ steps: 13, return: -13 })
    expect(learner.seen.map(({ terminated }) => terminated).indexOf(true)).toBe(12)
    expect(learner.seen.at(0)).toEqual({
      state: 36,
      action: 0,
      reward: -1,
      nextState: 24,
      terminated: false,
      truncated: false,
    })
  })

  test('truncates at the step limit of the environment', () => {
    const learner = follower([])
    expect(runEpisode(taxi, learner, seededRandom(1, 'episode')).steps).toBe(200)
    expect(learner.seen.at(-2)?.truncated).toBe(false)
    expect(learner.seen.at(-1)).toMatchObject({ terminated: false, truncated: true })
  })

  test('runs the same episode with an asynchronous learner', async () => {
    const [one, other] = [follower(PATH), follower(PATH)]
    const summary = runEpisode(cliffWalking, one, seededRandom(1, 'episode'))
    const learner = {
      selectAction: () => Promise.resolve(other.selectAction()),
      update: (experience: Experience<number>) => Promise.resolve(other.update(experience)),
    }
    expect(await runEpisodeAsync(cliffWalking, learner, seededRandom(1, 'episode'))).toEqual(summary)
    expect(other.seen).toEqual(one.seen)
  })
})

describe('bandits', () => {
  test('pay their means, with variance 1', () => {
    const random = seededRandom(1, 'pays')
    const bandit = gaussianBandit([0, 2])
    const paid = momentsOf(Array.from({ length: 10_000 }, () => bandit.step(0, 1, random).reward))
    // 5 standard errors of 10^4 draws.
    expect(Math.abs(paid.mean - 2)).toBeLessThan(0.05)
    expect(Math.abs(paid.m2 / paid.count - 1)).toBeLessThan(5 * Math.sqrt(2 / 10_000))
    expect(bandit.step(0, 0, random)).toMatchObject({ observation: 0, terminated: true, truncated: false })
    expect(testbedBandit(random).means.length).toBe(10)
  })

  test('with context have features of unit length and rewards that are linear in them', () => {
    const random = seededRandom(1, 'context')
    const bandit = linearBandit(random, 3, 2, 0)
    const x = bandit.reset(random)
    expect(Math.hypot(...x)).toBeCloseTo(1, 12)
    const half = x.map((value) => value / 2)
    expect(bandit.meanOf(half, 1)).toBeCloseTo(bandit.meanOf(x, 1) / 2, 12)
    expect(bandit.step(x, 1, random).reward).toBe(bandit.meanOf(x, 1))
  })
})
