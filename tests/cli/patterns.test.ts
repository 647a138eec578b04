import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncStore, NewTestPattern } from '../../src/entry/node.ts'
import { readLearningModelState } from '../../src/transfer/learning-model/read.ts'
import { Desk, threeAgents } from './program.ts'

const GUARD: NewTestPattern = {
  id: 'guard',
  patternType: 'edge-case',
  framework: 'jest',
  codeSignature: 'f',
  testTemplate: 'expect(f()).toThrow()',
  metadata: { name: 'Guards', description: 'Validates what an API is given', tags: ['api', 'validation'] },
}
const LIST: NewTestPattern = {
  id: 'list',
  patternType: 'unit',
  framework: 'vitest',
  codeSignature: 'g',
  testTemplate: { body: ['one'] },
  metadata: { name: 'Lists', description: 'Pages of a list' },
}

async function fill(store: AsyncStore): Promise<void> {
  await threeAgents(store)
  await store.testPatterns.upsertMany([GUARD, LIST])
  await store.testPatterns.recordUse({ patternId: 'guard', projectId: 'web', success: true, quality: 0.9 })
}

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(fill)
})
afterAll(() => desk[Symbol.asyncDispose]())

const ids = async (...args: string[]): Promise<unknown> => {
  const { testPatterns, strategies } = (await desk.json('patterns', 'list', ...args)) as Record<
    string,
    { id: unknown }[]
  >
  return [testPatterns?.map(({ id }) => id), strategies?.length]
}

describe("the commands of agentic-qe's persistence document, under the name of this program", () => {
  const document: readonly (readonly [readonly string[], RegExp])[] = [
    [['learn', 'status', '--agent', 'qe-test-generator'], /qe-test-generator-001/],
    [['learn', 'history', '--agent', 'qe-test-generator', '--limit', '50'], /template-based/],
    [['learn', 'export', '--agent', 'qe-test-generator', '--output', 'learning.json'], /learning/],
    [['patterns', 'list', '--framework', 'jest'], /guard/],
    [['patterns', 'search', 'api validation'], /Guards/],
  ]
  test.each(document)('%j', async (args, expected) => {
    const { status, stdout, stderr } = await desk.run(...args)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(expected)
  })
})

describe('learn export', () => {
  test('writes one file for one agent, which a reader of the format accepts', async () => {
    expect(
      (await desk.run('learn', 'export', '--agent', 'crawler', '--output', 'out/crawler.json', '--mkdir')).status,
    ).toBe(0)
    const reading = readLearningModelState(readFileSync(desk.path('out/crawler.json')))
    let step = reading.next()
    while (!step.done) step = reading.next()
    expect(step.value.experiences).toHaveLength(12)
    expect(step.value.agents[0]).toMatchObject({ id: 'crawler', configuration: { type: 'web', learningRate: 0.1 } })
  })

  test('names the files of several agents after them, and overwrites none without --force', async () => {
    const args = ['learn', 'export', '--agent', 'qe-test-generator', '--output', 'several.json']
    expect((await desk.run(...args)).status).toBe(0)
    const files = ['several-qe-test-generator-001.json', 'several-qe-test-generator-002.json']
    expect(files.map((file) => existsSync(desk.path(file)))).toEqual([true, true])
    expect((await desk.run(...args)).status).toBe(2)
    expect((await desk.run(...args, '--force')).status).toBe(0)
  })

  test('prints one document without --output', async () => {
    const { stdout } = await desk.run('learn', 'export', '--agent', 'crawler')
    expect(JSON.parse(stdout)).toMatchObject({ agentId: 'crawler', performance: { totalExperiences: 12 } })
  })
})

describe('patterns list', () => {
  test('shows test patterns and strategies, or one kind by its options', async () => {
    expect(await ids('--all')).toEqual([['guard', 'list'], 3])
    expect(await ids('--framework', 'jest')).toEqual([['guard'], 0])
    expect(await ids('--type', 'unit')).toEqual([['list'], 0])
    expect(await ids('--all', '--agent', 'qe-test-generator')).toEqual([[], 2])
    expect(await ids('--all', '--min-confidence', '0.9')).toEqual([[], 0])
    expect(await ids('--all', '--limit', '1')).toEqual([['guard'], 1])
    expect((await desk.run('patterns', 'list', '--all')).stdout).toMatch(
      /Test patterns\n.*\nguard +Guards +jest[\s\S]*Strategies\n.*\n.*unit-test-strategy.*lacking/,
    )
  })

  test('says how many there are if some are not listed', async () => {
    const { stdout } = await desk.run('patterns', 'list', '--all', '--limit', '1')
    expect(stdout).toMatch(/^Test patterns \(1 of 2\)\n/)
    expect(stdout).toMatch(/^Strategies \(1 of 3\)\n/m)
    expect((await desk.run('patterns', 'list', '--all')).stdout).not.toMatch(/\d of \d/)
    const args = ['patterns', 'list', '--framework', 'jest', '--limit', '0']
    expect((await desk.run(...args)).stdout).toMatch(/^Test patterns \(0 of 1\)\n/)
    expect(await desk.json('patterns', 'list', '--all', '--limit', '1')).toMatchObject({
      testPatternCount: 2,
      strategyCount: 3,
    })
  })

  test('leaves out strategies that lack evidence, and says how many', async () => {
    expect(await ids()).toEqual([['guard', 'list'], 0])
    expect((await desk.run('patterns', 'list')).stdout).toMatch(/for lack of evidence \(see --all\): 3$/m)
  })

  test('refuses options of both kinds and unknown frameworks', async () => {
    expect((await desk.run('patterns', 'list', '--framework', 'jest', '--agent', 'crawler')).status).toBe(2)
    expect((await desk.run('patterns', 'list', '--framework', 'pytest')).stderr).toContain('framework to be one of')
  })
})

test('patterns search finds by words and shows the matches', async () => {
  const { hits } = (await desk.json('patterns', 'search', 'validating', '--framework', 'jest')) as { hits: object[] }
  expect(hits).toMatchObject([{ pattern: { id: 'guard' }, score: expect.any(Number) }])
  expect((await desk.run('patterns', 'search', 'validating')).stdout).toContain(
    'description Validates what an API is given',
  )
  const { stdout } = await desk.run('patterns', 'search', 'lists guards', '--any', '--limit', '1')
  expect(stdout).toMatch(/\nMore than 1 match; use --limit to show more\.\n$/)
  expect((await desk.run('patterns', 'search', 'nothing at all')).stdout).toContain('No test patterns match')
  expect(await desk.json('patterns', 'search', 'lists guards', '--any')).toMatchObject({ hits: [{}, {}] })
})

test('patterns show shows a test pattern or a strategy', async () => {
  const { stdout } = await desk.run('patterns', 'show', 'guard')
  expect(stdout).toContain('expect(f()).toThrow()')
  expect(stdout).toMatch(/^uses +1$/m)
  expect(await desk.json('patterns', 'show', 'list')).toMatchObject({
    testPattern: { testTemplate: { body: ['one'] } },
    usage: [],
  })
  const { strategies } = (await desk.json('patterns', 'list', '--all')) as { strategies: { id: number }[] }
  expect(await desk.json('patterns', 'show', String(strategies[0]?.id))).toMatchObject({ strategy: strategies[0] })
  expect(await desk.run('patterns', 'show', 'none')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('NOT_FOUND'),
  })
})

test('patterns stats counts them', async () => {
  expect(await desk.json('patterns', 'stats')).toMatchObject({
    bank: { patterns: 2, usedPatterns: 1, totalUses: 1 },
    strategies: 3,
  })
  expect((await desk.run('patterns', 'stats')).stdout).toMatch(/^jest +1 +1 +1 +1 +0.9$/m)
})

test('patterns share lets a pattern be used with another framework', async () => {
  const args = ['patterns', 'share', 'guard', '--framework', 'vitest', '--project', 'web', 'api']
  expect((await desk.run(...args)).stdout).toContain('guard of jest is shared with vitest in 2 projects')
  expect((await desk.run('patterns', 'show', 'guard')).stdout).toMatch(/^compatible +vitest \(1\)$/m)
  expect((await desk.run('patterns', 'share', 'guard')).status).toBe(2)
  expect((await desk.run('patterns', 'share', 'guard', '--framework', 'jest')).status).toBe(2)
})

test('patterns export and import copy all test patterns to another store', async () => {
  expect((await desk.run('patterns', 'export', '--output', 'patterns.json')).status).toBe(0)
  await using other = await Desk.make()
  const input = desk.path('patterns.json')
  expect(await other.json('patterns', 'import', '--input', input)).toEqual({ added: 2, updated: 0 })
  expect(await other.json('patterns', 'import', '--input', input)).toEqual({ added: 0, updated: 2 })
  expect(await other.json('patterns', 'export')).toEqual(JSON.parse(readFileSync(input, 'utf8')))
  expect(await other.json('patterns', 'search', 'api')).toMatchObject({ hits: [{ pattern: { id: 'guard' } }] })
  expect(await other.run('patterns', 'import', '--input', 'none.json')).toMatchObject({ status: 1 })
  expect((await other.run('patterns', 'import')).status).toBe(2)
})

test('patterns delete deletes one, after a copy of the store', async () => {
  await using other = await Desk.make()
  await other.teach(fill)
  expect((await other.run('patterns', 'delete', 'guard')).status).toBe(2)
  const { snapshot } = (await other.json('patterns', 'delete', 'guard', '--confirm')) as { snapshot: string }
  expect((await other.run('patterns', 'show', 'guard')).status).toBe(1)
  expect(await other.json('patterns', 'show', 'guard', '--storage', `file:${snapshot}`)).toMatchObject({
    testPattern: { id: 'guard' },
  })
  expect(await other.json('verify')).toMatchObject({ ok: true })
})

describe('a strategy', () => {
  test('that was never used has no success rate', async () => {
    await using own = await Desk.make()
    const model = (await desk.json('learn', 'export', '--agent', 'crawler')) as { patterns: object[] }
    const unused = { ...model.patterns[0], successRate: 0, usageCount: 0, successCount: 0 }
    writeFileSync(own.path('model.json'), JSON.stringify({ ...model, patterns: [unused] }))
    await own.run('import', 'model.json')
    expect((await own.run('patterns', 'list', '--all')).stdout).toMatch(/ +[\d.]+ {2}- +0 {2}lacking$/m)
  })

  test('is shown by its name or first line in lists, and in full by itself', async () => {
    await using own = await Desk.make()
    const model = (await desk.json('learn', 'export', '--agent', 'crawler')) as { patterns: object[] }
    const [pattern] = model.patterns
    const all = [
      { name: 'Guards', template: 'x'.repeat(9_000) },
      `first line\n${'y'.repeat(9_000)}`,
      { z: 'z'.repeat(9_000) },
    ]
    const patterns = all.map((patternData) => ({ ...pattern, patternData }))
    writeFileSync(own.path('model.json'), JSON.stringify({ ...model, patterns }))
    expect((await own.run('import', 'model.json')).status).toBe(0)
    const { stdout } = await own.run('patterns', 'list', '--all')
    expect(stdout).toMatch(/ Guards {2}/)
    expect(stdout).toMatch(/ first line {2}/)
    expect(stdout).toMatch(/z{40,60}… /)
    expect(stdout.length).toBeLessThan(1_000)
    const { strategies } = (await own.json('patterns', 'list', '--all')) as {
      strategies: { id: number; patternData: unknown }[]
    }
    const id = String(strategies.find(({ patternData }) => typeof patternData === 'object')?.id)
    expect((await own.run('patterns', 'show', id)).stdout).toMatch(/\n\n\{\n {2}"/)
    expect(await own.run('patterns', 'delete', id, '--confirm')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('only test patterns can be deleted'),
    })
  })
})
