import { openLearningStore } from 'learning-store'
import { expect, test } from 'vitest'
import { CELLS, GOAL, greedyPath, isCliff, movingAverage, START, Walker } from '../../demo/grid-world/walker.ts'

const noWait = async (): Promise<void> => {}

test('Q-learning finds the shortest path, SARSA keeps away from the cliff', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const [bold, careful] = await Promise.all(
    (['q-learning', 'sarsa'] as const).map(async (algorithm) => {
      const walker = await Walker.open(store, algorithm)
      for (let episode = 0; episode < 200; episode++) await walker.walk(noWait)
      expect(walker.returns).toHaveLength(200)
      return greedyPath(await walker.view())
    }),
  )
  expect(bold).toMatchObject({ reachesGoal: true, return: -13 })
  expect(bold?.cells).toHaveLength(14)
  // With this learning rate the greedy path changes and may have a cycle, but it stays away from the edge.
  expect(careful?.cells.filter((cell) => isCliff(cell + 12)).length).toBeLessThan(5)
})

test('there is no path without values, nor with a cycle', () => {
  const unknown = CELLS.map(() => ({ value: undefined, action: undefined }))
  expect(greedyPath(unknown)).toEqual({ cells: [START], reachesGoal: false, return: 0 })
  const upAndDown = CELLS.map((cell) => ({ value: 0, action: cell === START ? 0 : 2 }))
  expect(greedyPath(upAndDown).reachesGoal).toBe(false)
  expect(CELLS.filter(isCliff)).toEqual([37, 38, 39, 40, 41, 42, 43, 44, 45, 46])
  expect(GOAL).toBe(47)
})

test('an interrupted walk stops learning', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const walker = await Walker.open(store, 'sarsa')
  let steps = 0
  const fiveSteps = async (): Promise<void> => {
    if (++steps > 5) throw new Error('enough')
  }
  await expect(walker.walk(fiveSteps)).rejects.toThrow('enough')
  expect([await store.experiences.count(), walker.returns]).toEqual([5, []])
})

test('a moving average starts with a smaller window', () => {
  expect(movingAverage([-4, -2, -6, 0], 2)).toEqual([-4, -3, -4, -3])
})
