import { readdirSync } from 'node:fs'
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
  test('shows every agent on a line', () => {
    const { status, stdout, stderr } = desk.run('learn', 'status')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^agent +type +experiences/)
    expect(stdout).toMatch(/^crawler +web +12 +1.2 +75 % /m)
    expect(stdout.trim().split('\n')).toHaveLength(4)
  })

  test('takes an id, or a type and then means all of that type', () => {
    const ids = (agent: string): unknown => {
      const { agents } = desk.json('learn', 'status', '--agent', agent) as { agents: { id: string }[] }
      return agents.map(({ id }) => id)
    }
    expect(ids('qe-test-generator')).toEqual(GENERATORS)
    expect(ids('qe-test-generator-002')).toEqual(['qe-test-generator-002'])
  })

  test('tells more where it is asked to', () => {
    const { stdout } = desk.run('learn', 'status', '--agent', 'crawler', '--detailed')
    expect(stdout).toContain('q-learning, rate 0.1, discount 0.95')
    expect(stdout).toMatch(/complexity:0.5 +strategy:template-based/)
  })

  test('says which agents there are where it does not know one', () => {
    const { status, stderr } = desk.run('learn', 'status', '--agent', 'nobody')
    expect(status).toBe(1)
    expect(stderr).toContain(
      'NOT_FOUND Expected an agent or a type of agents of this store, got "nobody"; it has crawler',
    )
  })
})

describe('learn history', () => {
  test('shows the newest experiences and the patterns that came of them', () => {
    const { status, stdout } = desk.run('learn', 'history', '--agent', 'qe-test-generator', '--limit', '5')
    expect(status).toBe(0)
    expect(stdout.match(/^\d{4}-\d\d-\d\d .*complexity:/gm)).toHaveLength(5)
    expect(stdout).toMatch(/Patterns\n.*\n.*unit-test-strategy +template-based/)
  })

  test('gives the same as JSON', () => {
    const { experiences, patterns } = desk.json('learn', 'history', '--limit', '3') as Record<string, object[]>
    expect(experiences).toHaveLength(3)
    expect(experiences?.[0]).toMatchObject({
      taskType: 'unit-test',
      action: { strategy: 'template-based' },
      reward: 1.2,
    })
    expect(patterns).toHaveLength(3)
  })
})

describe('learn train', () => {
  test('learns again from what is kept, so often as it is told', () => {
    const args = ['learn', 'train', '--agent', 'qe-test-generator', '--iterations', '3', '--batch-size', '4']
    expect(desk.json(...args)).toMatchObject({
      iterations: 3,
      agents: GENERATORS.map((agentId) => ({ agentId, replayed: 12, firstMeanError: expect.any(Number) })),
    })
  })

  test('brings values to what the experiences say', () => {
    expect(desk.run('learn', 'train', '--agent', 'crawler', '--iterations', '60').status).toBe(0)
    const { agents } = desk.json('learn', 'status', '--agent', 'crawler', '--detailed') as {
      agents: { best: { value: number }[] }[]
    }
    for (const { value } of agents[0]?.best ?? []) expect(value).toBeCloseTo(1.2, 2)
    expect(desk.json('learn', 'train', '--plan')).toMatchObject({ agents: [{ converged: true }, {}, {}] })
  })
})

describe('learn enable and disable', () => {
  const isEnabled = (): unknown =>
    (desk.json('learn', 'status') as { agents: { isEnabled: boolean }[] }).agents.map((one) => one.isEnabled)

  test('is kept for the next start of the agent', async () => {
    expect(desk.run('learn', 'disable', '--agent', 'qe-test-generator').stdout).toBe(
      `Learning is disabled for ${GENERATORS.join(', ')}.\n`,
    )
    expect(isEnabled()).toEqual([true, false, false])
    await desk.teach(async (store) => {
      const { LearningEngine } = await import('../../src/entry/node.ts')
      const engine = new LearningEngine('qe-test-generator-001', { store })
      await engine.learnFromExecution({ type: 'unit-test' }, { success: true, executionTime: 1 })
      expect(engine.isEnabled()).toBe(false)
      expect(await engine.getTotalExperiences()).toBe(12)
    })
    expect(desk.json('learn', 'enable', '--all')).toMatchObject({ agents: [{ isEnabled: true }, {}, {}] })
    expect(isEnabled()).toEqual([true, true, true])
  })

  test.each([[[]], [['--agent', 'crawler', '--all']]])('wants to be told of whom: %j', (args) => {
    expect(desk.run('learn', 'disable', ...args)).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('learn reset', () => {
  let fresh: Desk
  beforeEach(async () => {
    fresh = await Desk.make()
    await fresh.teach(threeAgents)
    return () => fresh[Symbol.asyncDispose]()
  })
  const counts = (): unknown =>
    (fresh.json('learn', 'status') as { agents: { experiences: number }[] }).agents.map((one) => one.experiences)

  test('changes nothing where nobody can be asked and nothing was confirmed', () => {
    const { status, stdout, stderr } = fresh.run('learn', 'reset', '--agent', 'crawler')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('NOT_CONFIRMED This removes all that crawler learned from 12 experiences. Add --confirm')
    expect(counts()).toEqual([12, 12, 12])
    expect(fresh.run('learn', 'reset', '--confirm').status).toBe(2)
  })

  test('removes what was learned, and keeps the store as it was', async () => {
    const answer = fresh.json('learn', 'reset', '--agent', 'qe-test-generator', '--confirm') as { snapshot: string }
    expect(answer).toMatchObject({ agents: [{ agentId: GENERATORS[0], removed: { experiences: 12 } }, {}] })
    expect(counts()).toEqual([12, 0, 0])
    const before = await openLearningStore({ storage: `file:${answer.snapshot}` })
    expect(await before.experiences.count()).toBe(36)
    await before.close()
  })

  test('asks at a terminal, and takes only yes for it', () => {
    const refused = fresh.runAtTerminal('\n', 'learn', 'reset', '--agent', 'crawler')
    expect(refused.status).toBe(2)
    expect(refused.stdout).toContain('Go on? [y/N]')
    expect(counts()).toEqual([12, 12, 12])
    expect(readdirSync(fresh.path('.agentic-qe')).filter((name) => name.endsWith('.snapshot'))).toEqual([])
    expect(fresh.runAtTerminal('y\n', 'learn', 'reset', '--agent', 'crawler').status).toBe(0)
    expect(counts()).toEqual([0, 12, 12])
  })
})
