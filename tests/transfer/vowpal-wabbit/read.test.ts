import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { formatOf } from '../../../src/transfer/detect-format.ts'
import { readVowpalWabbit } from '../../../src/transfer/vowpal-wabbit/read.ts'
import { refusal, taken, utf8 } from '../sources.ts'

const read = (text: string) => taken(readVowpalWabbit(utf8(text)))
const NO_COST = { what: 'decisions', count: 1, reason: 'has no label with a cost' }

describe('a line of cb', () => {
  test('becomes an experience of one step, whose reward is the negative cost', () => {
    expect(read('1:2:0.4 | a c:1.5\n3:-0.5:0.2 | b\n').experiences).toMatchObject([
      {
        agentId: 'vowpal-wabbit',
        taskType: 'vowpal-wabbit',
        state: { a: true, c: 1.5 },
        action: 1,
        reward: -2,
        behaviorProbability: 0.4,
        nextState: null,
        terminated: true,
        actions: null,
        metadata: null,
      },
      { state: { b: true }, action: 3, reward: 0.5, behaviorProbability: 0.2 },
    ])
  })

  test('has features by namespace, multiplied by its weight', () => {
    const line = "1:2:0.4 'first| x |user age:30 city:paris |words:2 the cat:3 the |user new"
    expect(read(line).experiences).toMatchObject([
      {
        state: { user: { age: 30, city: 'paris', new: true }, words: { cat: 6, the: 4 }, x: true },
        metadata: { tag: 'first' },
      },
    ])
  })

  test('lists the actions that were available, of which one was taken', () => {
    const { experiences } = read('1:2 3:5 4:1:0.6 | a\n1 2:0.5:1 3 tag| b\nx:0:1 | c\n')
    expect(experiences).toMatchObject([
      { action: 4, reward: -1, actions: [1, 3, 4], behaviorProbability: 0.6, metadata: null },
      { action: 2, reward: -0.5, actions: [1, 2, 3], metadata: { tag: 'tag' } },
      { action: 'x', reward: 0 },
    ])
  })

  test('may lack a probability, and its features may lack names or values', () => {
    expect(read('1:2 | :3 a:b a:c\n1:2 |\n').experiences).toMatchObject([
      { state: { 0: 3, a: ['b', 'c'] }, behaviorProbability: null },
      { state: {} },
    ])
  })

  test.each([
    ['has no label with a cost', '| a b'],
    ['has no label with a cost', '1:2:0.4| a'],
    ['has no label with a cost', '1 2 | a'],
    ['has several labels with a cost', '1:2:0.4 2:1:0.3 | a'],
    ['has an infinite cost', '1:Infinity:0.4 | a'],
    ['has a probability that is not above 0 and at most 1', '1:2:0 | a'],
    ['has a probability that is not above 0 and at most 1', '1:2:1.5 | a'],
  ])('is skipped and counted if it %s', (reason, line) => {
    const { experiences, skipped } = read(`1:2:0.4 | a\n2:2:0.4 | a\n${line}\n`)
    expect(experiences).toHaveLength(2)
    expect(skipped).toEqual([{ what: 'decisions', count: 1, reason }])
    expect(refusal(readVowpalWabbit(utf8(line)))).toContain(
      `INVALID_ARGUMENT: Expected a line with action:cost:probability; every decision ${reason}`,
    )
  })

  test.each([
    ['line 2 to have a | before its features, got `1:2:0.4 a`', '1:2:0.4 a'],
    ['line 2 to have a label action:cost:probability, got `1:x:0.4`', '1:x:0.4 | a'],
    ['line 2 to have a label action:cost:probability, got `1::0.4`', '1::0.4 | a'],
    ['line 2 to have a label action:cost:probability, got `1:2:0.4:5`', '1:2:0.4:5 | a'],
    ['line 2 to have a label of cb or cb_adf, got `ccb slot 0:1:0.4 | a`', 'ccb slot 0:1:0.4 | a'],
    ['line 2 to have features name or name:value, got `a:1:2`', '1:2:0.4 | a:1:2'],
    ['line 2 to have features name or name:value, got `a:inf', '1:2:0.4 | a:Infinity'.replace('Infinity', '1e999')],
    ['line 2 to have features name or name:value, got `a:`', '1:2:0.4 | a:'],
    ['line 2 to have a number as the weight of a namespace', '1:2:0.4 |n:x a'],
    ['line 2 to have no feature with the name of a namespace, got `n`', '1:2:0.4 | n |n a'],
  ])('is refused: Expected %s', (message, line) => {
    expect(refusal(readVowpalWabbit(utf8(`1:2:0.4 | a\n${line}`)))).toContain(
      `INVALID_ARGUMENT: Expected ${message.replace('a:inf', 'a:1e999')}`,
    )
  })
})

describe('the lines of cb_adf', () => {
  test('up to a blank one are a decision among actions with features', () => {
    const text =
      'shared |user u1\n|article sport\n0:-1:0.8 |article politics:0.5\n\nshared |user u2\n0:0:0.1 |article sport\n|article music\n'
    expect(read(text).experiences).toMatchObject([
      {
        state: { user: { u1: true } },
        action: { article: { politics: 0.5 } },
        reward: 1,
        behaviorProbability: 0.8,
        actions: [{ article: { sport: true } }, { article: { politics: 0.5 } }],
      },
      { state: { user: { u2: true } }, action: { article: { sport: true } }, reward: 0, behaviorProbability: 0.1 },
    ])
  })

  test('may lack a shared line, and are skipped without a label', () => {
    const { experiences, skipped } = read('| a:1\r\n0:0.1:0.75 | a:0.5\r\n\r\n| a:1\r\n| a:2\r\n')
    expect(experiences).toMatchObject([{ state: {}, action: { a: 0.5 }, actions: [{ a: 1 }, { a: 0.5 }] }])
    expect(skipped).toEqual([NO_COST])
  })

  test('can have equal features', () => {
    const { experiences } = read('shared | s\n0:1:0.5 | a\n| a\n')
    expect(experiences).toMatchObject([{ action: { a: true }, actions: [{ a: true }] }])
  })
})

test.each<[string | undefined, string]>([
  ['vowpal-wabbit', '1:2:0.4 | a c'],
  ['vowpal-wabbit', '\uFEFF\n0:-1.5e-3:1e-2 2 tag|ns a:1'],
  ['vowpal-wabbit', 'shared |user u1\n0:1:0.5 | a'],
  [undefined, '12:30:45 | started'],
  [undefined, '12:30:01 | started'],
  [undefined, '1 | a'],
  [undefined, 'a | b'],
  ['csv', 'state|action|reward\n1|2|3'],
])('is detected as %s: %j', (format, text) => {
  expect(formatOf(utf8(text))).toBe(format)
})

test('a file without a label in its first line is known by its name', () => {
  expect(formatOf(utf8('| a b\n'), 'log.vw')).toBe('vowpal-wabbit')
})

test('a store imports the file once, and counts equal lines of other files with duplicates: keep', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const file = utf8('1:2:0.4 | a\n1:2:0.4 | a\n2:0:0.6 | a\n')
  const { format, changes } = await store.importFile(file)
  expect(format).toBe('vowpal-wabbit')
  expect(changes).toContainEqual({ what: 'experiences', added: 3, known: 0 })
  const again = await store.importFile(file)
  expect(again.changes).toContainEqual({ what: 'experiences', added: 0, known: 3 })
  expect(again.notes).toEqual([expect.stringContaining('3 experiences with neither an id nor a time')])
  const best = await (await store.agent('vowpal-wabbit')).recommend({ a: true })
  expect(best?.action).toBe(2)
})

test('lines that are written are read, whatever their features', () => {
  const name = fc.stringMatching(/^[^\s|:']+$/)
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0)
  const line = fc.record({
    action: fc.nat(),
    cost: number,
    probability: fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true }),
    features: fc.dictionary(name, fc.option(number), { maxKeys: 5 }),
  })
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const text = lines.map(({ action, cost, probability, features }) => {
        const words = Object.entries(features).map(([key, value]) => (value === null ? key : `${key}:${value}`))
        return `${action}:${cost}:${probability} | ${words.join(' ')}`
      })
      const { experiences } = read(text.join('\n'))
      expect(
        experiences.map(({ action, reward, behaviorProbability, state }) => [
          action,
          reward,
          behaviorProbability,
          state,
        ]),
      ).toEqual(
        lines.map(({ action, cost, probability, features }) => [
          action,
          -cost || 0,
          probability,
          Object.fromEntries(Object.entries(features).map(([key, value]) => [key, value ?? true])),
        ]),
      )
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['a line of 10 MB', `1:2:0.4 | ${'x'.repeat(10_000_000)}`],
  ['a million features', `1:2:0.4 | ${'x '.repeat(1_000_000)}`],
])('%s is read', (_, text) => {
  expect(read(text).experiences).toHaveLength(1)
})

test.each([
  ['nothing', ''],
  ['NUL characters', '\0\0'],
  ['10 MB without a bar', 'x'.repeat(10_000_000)],
])('%s is refused', (_, text) => {
  expect(refusal(readVowpalWabbit(utf8(text)))).toContain('INVALID_ARGUMENT: Expected')
})
