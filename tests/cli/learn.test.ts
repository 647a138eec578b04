import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

const GENERATORS = ['qe-test-generator-001', 'qe-test-generator-002']

describe('learn status', () => {
  test('shows every agent on a line', async () => {
    const { status, stdout, stderr } = await desk.run('learn', 'status')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^agent +type +experiences/)
    expect(stdout).toMatch(/^crawler +web +12 +1.2 +75 % /m)
    expect(stdout.trim().split('\n')).toHaveLength(4)
  })

  test('selects agents by id or type', async () => {
    const ids = async (agent: string): Promise<unknown> => {
      const { agents } = (await desk.json('learn', 'status', '--agent', agent)) as { agents: { id: string }[] }
      return agents.map(({ id }) => id)
    }
    expect(await ids('qe-test-generator')).toEqual(GENERATORS)
    expect(await ids('qe-test-generator-002')).toEqual(['qe-test-generator-002'])
  })

  test('shows more with --detailed', async () => {
    const { stdout } = await desk.run('learn', 'status', '--agent', 'crawler', '--detailed')
    expect(stdout).toContain('q-learning, learning rate 0.1, discount factor 0.95')
    expect(stdout).toMatch(/complexity:0.5 +strategy:template-based/)
  })

  test('prints as JSON what it shows: best values and failures with --detailed only', async () => {
    const { agents } = (await desk.json('learn', 'status', '--agent', 'crawler')) as { agents: object[] }
    expect(Object.keys(agents[0] ?? {})).not.toEqual(expect.arrayContaining(['best']))
    expect(Object.keys(agents[0] ?? {})).not.toEqual(expect.arrayContaining(['failures']))
    const args = ['learn', 'status', '--agent', 'crawler', '--detailed']
    const { agents: detailed } = (await desk.json(...args)) as {
      agents: { best: { stateKey: string }[]; failures: { pattern: string }[] }[]
    }
    const { stdout } = await desk.run(...args)
    const [one] = detailed
    expect([one?.best.length, one?.failures.length]).toEqual([3, 1])
    for (const { stateKey } of one?.best ?? []) expect(stdout).toContain(stateKey)
    for (const { pattern } of one?.failures ?? []) expect(stdout).toMatch(new RegExp(`^${pattern} +3 `, 'm'))
  })

  test('names the agents if there is none of the id', async () => {
    const { status, stderr } = await desk.run('learn', 'status', '--agent', 'nobody')
    expect(status).toBe(1)
    expect(stderr).toContain('NOT_FOUND No agent and no type of agents is named "nobody". Agents: crawler')
  })
})

describe('learn history', () => {
  test('shows the newest experiences and the patterns learned from them', async () => {
    const { status, stdout } = await desk.run('learn', 'history', '--agent', 'qe-test-generator', '--limit', '5')
    expect(status).toBe(0)
    expect(stdout.match(/^\d{4}-\d\d-\d\d[ T].*complexity:/gm)).toHaveLength(5)
    expect(stdout).toMatch(/Patterns\n.*\n.*unit-test-strategy +template-based/)
  })

  test('says how many there are if some are not listed', async () => {
    const { stdout } = await desk.run('learn', 'history', '--limit', '2')
    expect(stdout).toMatch(/^Experiences \(2 of 36\)\n/)
    expect(stdout).toMatch(/^Patterns \(2 of 3\)\n/m)
    expect((await desk.run('learn', 'history', '--limit', '36')).stdout).not.toContain(' of ')
    expect(await desk.json('learn', 'history', '--limit', '2')).toMatchObject({ experienceCount: 36, patternCount: 3 })
  })

  test('prints the same as JSON', async () => {
    const { experiences, patterns } = (await desk.json('learn', 'history', '--limit', '3')) as Record<string, object[]>
    expect(experiences).toHaveLength(3)
    expect(experiences?.[0]).toMatchObject({
      taskType: 'unit-test',
      action: { strategy: 'template-based' },
      reward: 1.2,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })
    expect(patterns).toHaveLength(3)
  })
})

describe('learn train', () => {
  test('replays stored experiences, as often as --iterations says', async () => {
    const args = ['learn', 'train', '--agent', 'qe-test-generator', '--iterations', '3', '--batch-size', '4']
    expect(await desk.json(...args)).toMatchObject({
      iterations: 3,
      agents: GENERATORS.map((agentId) => ({ agentId, replayed: 12, firstMeanError: expect.any(Number) })),
    })
  })

  test('brings values close to the rewards of the experiences', async () => {
    expect((await desk.run('learn', 'train', '--agent', 'crawler', '--iterations', '60')).status).toBe(0)
    const { agents } = (await desk.json('learn', 'status', '--agent', 'crawler', '--detailed')) as {
      agents: { best: { value: number }[] }[]
    }
    for (const { value } of agents[0]?.best ?? []) expect(value).toBeCloseTo(1.2, 2)
    expect(await desk.json('learn', 'train', '--plan')).toMatchObject({ agents: [{ converged: true }, {}, {}] })
  })
})

describe('learn enable and disable', () => {
  const isEnabled = async (): Promise<unknown> =>
    ((await desk.json('learn', 'status')) as { agents: { isEnabled: boolean }[] }).agents.map((one) => one.isEnabled)

  test('apply from the next start of an agent', async () => {
    expect((await desk.run('learn', 'disable', '--agent', 'qe-test-generator')).stdout).toBe(
      `Learning is disabled for ${GENERATORS.join(', ')}.\n`,
    )
    expect(await isEnabled()).toEqual([true, false, false])
    await desk.teach(async (store) => {
      const { LearningEngine } = await import('../../src/entry/node.ts')
      const engine = new LearningEngine('qe-test-generator-001', { store })
      await engine.learnFromExecution({ type: 'unit-test' }, { success: true, executionTime: 1 })
      expect(engine.isEnabled()).toBe(false)
      expect(await engine.getTotalExperiences()).toBe(12)
    })
    expect(await desk.json('learn', 'enable', '--all')).toMatchObject({ agents: [{ isEnabled: true }, {}, {}] })
    expect(await isEnabled()).toEqual([true, true, true])
  })

  test.each([[[]], [['--agent', 'crawler', '--all']]])('need either --agent or --all: %j', async (args) => {
    expect(await desk.run('learn', 'disable', ...args)).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('learn reset', () => {
  let fresh: Desk
  beforeEach(async () => {
    fresh = await Desk.make()
    await fresh.teach(threeAgents)
    return () => fresh[Symbol.asyncDispose]()
  })
  const counts = async (): Promise<unknown> =>
    ((await fresh.json('learn', 'status')) as { agents: { experiences: number }[] }).agents.map(
      (one) => one.experiences,
    )

  test('changes nothing without a terminal or --confirm', async () => {
    const { status, stdout, stderr } = await fresh.run('learn', 'reset', '--agent', 'crawler')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(
      'NOT_CONFIRMED This deletes everything that crawler learned from 12 experiences. Add --confirm',
    )
    expect(await counts()).toEqual([12, 12, 12])
    expect((await fresh.run('learn', 'reset', '--confirm')).status).toBe(2)
  })

  test('deletes what was learned, after a copy of the store', async () => {
    const result = (await fresh.json('learn', 'reset', '--agent', 'qe-test-generator', '--confirm')) as {
      snapshot: string
    }
    expect(result).toMatchObject({ agents: [{ agentId: GENERATORS[0], deleted: { experiences: 12 } }, {}] })
    expect(await counts()).toEqual([12, 0, 0])
    const before = await openLearningStore({ storage: `file:${result.snapshot}` })
    expect(await before.experiences.count()).toBe(36)
    await before.close()
  })

  test('asks at a terminal, and proceeds only after yes', async () => {
    const refused = await fresh.runAtTerminal('\n', 'learn', 'reset', '--agent', 'crawler')
    expect(refused.status).toBe(2)
    expect(refused.stdout).toContain('Proceed? [y/N]')
    expect(await counts()).toEqual([12, 12, 12])
    expect(readdirSync(fresh.path('.agentic-qe')).filter((name) => name.endsWith('.snapshot'))).toEqual([])
    expect((await fresh.runAtTerminal('y\n', 'learn', 'reset', '--agent', 'crawler')).status).toBe(0)
    expect(await counts()).toEqual([0, 12, 12])
  })
})

test('learn export names the files of agents whose ids are long by their beginning and a hash', async () => {
  await using own = await Desk.make()
  const ids = ['a', 'b'].map((end) => `${'状態 '.repeat(100)}${end}`)
  await own.teach(async (store) => {
    for (const id of ids) await (await store.agent(id)).learn({ state: 's', action: 'x', reward: 1, terminated: true })
  })
  const { files } = (await own.json('learn', 'export', '--output', 'model.json')) as { files: { file: string }[] }
  expect(new Set(files.map(({ file }) => file)).size).toBe(2)
  for (const { file } of files) {
    expect(file).toMatch(/^model-%E7%8A%B6.*~[0-9a-f]{16}\.json$/)
    expect(readFileSync(own.path(file), 'utf8')).toContain('agentId')
  }
})
