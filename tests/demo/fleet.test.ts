import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, openLearningStore, QE_AGENT_TYPES } from 'learning-store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Comparison } from '../../demo/fleet/comparison.ts'
import { resetsMade, setControls } from '../../demo/fleet/controls.ts'
import { Fleet } from '../../demo/fleet/fleet.ts'
import { followFleet } from '../../demo/fleet/following.ts'
import { bestRate, DIFFICULTIES, Project } from '../../demo/fleet/project.ts'
import { runFleet } from '../../demo/fleet/runner.ts'
import { STRATEGIES } from '../../demo/fleet/strategies.ts'

const SEED = 1
const project = new Project(SEED)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (name = 'fleet.db'): Promise<AsyncStore> =>
  openLearningStore({ storage: `file:${join(folder, name)}`, seed: SEED })

/** Values and experiences of the fleet. */
async function contentOf(store: AsyncStore): Promise<object> {
  return Promise.all(
    QE_AGENT_TYPES.map(async (type) => {
      const [values, experiences] = await Promise.all([
        store.values.listByState(type),
        store.experiences.list({ agentId: type, limit: 10_000 }),
      ])
      return {
        values,
        tasks: experiences.map(({ id, action, reward }) => [id, action, reward]),
      }
    }),
  )
}

function followed(store: AsyncStore): Promise<Comparison> {
  return new Promise((resolve) => {
    followFleet(store, project, resolve)
  })
}

describe('the project', () => {
  test('follows from its seed', () => {
    expect(new Project(SEED).truths).toEqual(project.truths)
    expect(new Project(SEED + 1).truths).not.toEqual(project.truths)
  })

  test('has one clearly best strategy for each agent and difficulty', () => {
    expect(project.truths).toHaveLength(QE_AGENT_TYPES.length * DIFFICULTIES.length)
    for (const { type, best, chances } of project.truths) {
      expect([...chances.keys()]).toEqual(STRATEGIES[type])
      const [first = 0, second = 0] = [...chances.values()].sort((a, b) => b - a)
      expect(chances.get(best)).toBe(first)
      expect(first - second).toBeGreaterThanOrEqual(0.14)
    }
  })

  test('lets a strategy succeed at its success rate', () => {
    const { chances } = project.truthOf('qe-test-generator', 'hard')
    const numbers = Array.from({ length: 20_000 }, (_, number) => number)
    const hard = numbers.filter((number) => project.task('qe-test-generator', number).difficulty === 'hard')
    for (const [strategy, chance] of chances) {
      const successes = hard.filter((number) => project.attempt('qe-test-generator', number, strategy).success)
      // Four standard deviations of the mean of 10,000.
      expect(Math.abs(successes.length / hard.length - chance)).toBeLessThan(0.02)
    }
  })
})

describe('the fleet', () => {
  test('succeeds far more often than one that chooses uniformly at random', async () => {
    await using store = await open()
    await (await Fleet.open(store, project)).work(3_600)
    const { rates, regret, tasks } = await followed(store)
    expect(tasks).toBe(3_600)
    expect(bestRate(project)).toBeCloseTo(0.8975, 4)
    // Seeds 1 to 5: 0.86 to 0.89 against 0.55 to 0.58.
    expect(rates.learning).toBeGreaterThan(0.8)
    expect(rates.learning - rates.random).toBeGreaterThan(0.2)
    expect(regret.learning).toBeLessThan(regret.random / 2)
    expect((await store.patterns.list({ minLowerBound: 0, limit: 1_000 })).length).toBeGreaterThanOrEqual(36)
  })

  test('continues after closing as if it had not stopped', async () => {
    await using whole = await open('whole.db')
    await (await Fleet.open(whole, project)).work(1_000)
    const first = await open()
    await (await Fleet.open(first, project)).work(500)
    await first.close()
    await using second = await open()
    const fleet = await Fleet.open(second, project)
    expect(fleet.tasks).toBe(500)
    await fleet.work(500)
    expect(await contentOf(second)).toEqual(await contentOf(whole))
  })

  test('starts again after a reset and learns the same', async () => {
    await using store = await open()
    const fleet = await Fleet.open(store, project)
    await fleet.work(100)
    const before = await contentOf(store)
    await fleet.reset()
    expect([fleet.tasks, await store.experiences.count(), await store.patterns.list()]).toEqual([0, 0, []])
    await fleet.work(100)
    expect(await contentOf(store)).toEqual(before)
  })
})

describe('a follower of the fleet', () => {
  test('has the counts of the store, also after a reset', async () => {
    await using store = await open()
    const fleet = await Fleet.open(store, project)
    let latest: Comparison | undefined
    using _ = followFleet(store, project, (comparison) => {
      latest = comparison
    })
    for (const work of [() => fleet.work(700), () => fleet.work(35), () => fleet.reset(), () => fleet.work(900)]) {
      await work()
      await expect.poll(() => latest?.tasks).toBe(fleet.tasks)
      const sql = 'SELECT count(*) FROM learning_experiences WHERE reward > 0'
      const last = `${sql} AND id > (SELECT max(id) - 500 FROM learning_experiences)`
      const [all, lately] = [await store.query(sql), await store.query(last)]
      expect(latest?.successes.learning).toBe(all.rows[0]?.[0])
      if (fleet.tasks >= 500) expect(latest?.rates.learning).toBe(Number(lately.rows[0]?.[0]) / 500)
    }
  })

  test('gets a curve that ends at the latest task and has at most the requested number of points', async () => {
    await using store = await open()
    await (await Fleet.open(store, project)).work(1_000)
    const comparison = await followed(store)
    const { tasks, rates, regret } = comparison.curve(300)
    expect([tasks.length, tasks.at(-1)]).toEqual([250, 1_000])
    expect([rates.learning.at(-1), regret.random.at(-1)]).toEqual([comparison.rates.learning, comparison.regret.random])
  })
})

describe('the runner', () => {
  test('follows the controls in the store: speed, pause and reset', async () => {
    await using store = await open()
    const stop = new AbortController()
    let now = 0
    const clock = { now: () => now, wait: () => new Promise<void>((resolve) => setImmediate(resolve)) }
    const count = (): Promise<number> => store.experiences.count()
    const countLater = (): Promise<number> => {
      now += 10
      return count()
    }
    await setControls(store, { tasksPerSecond: 100 })
    const running = runFleet(store, project, clock, stop.signal)
    await expect.poll(() => store.agents.list()).toHaveLength(QE_AGENT_TYPES.length)
    await expect.poll(countLater).toBeGreaterThan(0)
    const [from, already] = [now, await count()]
    now += 500
    await expect.poll(count).toBeGreaterThanOrEqual(already + 50)
    expect(await count()).toBeLessThanOrEqual(already + 50 + (now - from) / 10 + 1)
    await setControls(store, { isPaused: true, resets: 1 })
    await expect.poll(count).toBe(0)
    now += 60_000
    await setControls(store, { resets: 2 })
    await expect.poll(() => resetsMade(store)).toBe(2)
    expect(await count()).toBe(0)
    await setControls(store, { isPaused: false })
    await expect.poll(countLater).toBeGreaterThan(0)
    // A suspended tab makes up for at most one second.
    const before = await count()
    now += 60_000
    await expect.poll(count).toBeGreaterThanOrEqual(before + 100)
    expect(await count()).toBeLessThan(before + 250)
    stop.abort()
    await running
  })
})
