import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openLearningStore, type RecordedExperience } from '../../../src/entry/node.ts'
import { readJsonLines } from '../../../src/transfer/json-lines/read.ts'
import { writeJsonLines } from '../../../src/transfer/json-lines/write.ts'
import { asImportBatch, recordedExperiences, refusal, source, taken, utf8 } from '../sources.ts'

const recorded: RecordedExperience = {
  agentId: 'a',
  id: '1',
  taskId: null,
  taskType: 'unit',
  state: { n: 1 },
  action: 'go',
  reward: 1.5,
  nextState: { n: 2 },
  terminated: false,
  truncated: false,
  episodeId: 'e',
  timestamp: '2026-01-31T12:00:00.000Z',
  actions: ['go', 'stay'],
  nextActions: null,
  behaviorProbability: 0.75,
  metadata: { model: 'x', tokens: 12 },
}
const second = { ...recorded, id: '2', state: { n: 2 }, nextState: { n: 3 }, terminated: true }

/** An episode of one step, as others than we write it. */
const foreign = {
  id: 7,
  observations: [0, 1],
  actions: ['x'],
  rewards: [1],
  terminations: [true],
  truncations: [false],
}
const lines = (...values: unknown[]): Uint8Array => utf8(values.map((one) => `${JSON.stringify(one)}\n`).join(''))

describe('writing', () => {
  test('uses the names and lengths of an episode in Minari', () => {
    const text = [...writeJsonLines([recorded, second])].join('')
    expect(JSON.parse(text)).toEqual({
      id: 0,
      observations: [{ n: 1 }, { n: 2 }, { n: 3 }],
      actions: ['go', 'go'],
      rewards: [1.5, 1.5],
      terminations: [false, true],
      truncations: [false, false],
      infos: {
        agentId: 'a',
        taskId: null,
        taskType: 'unit',
        episodeId: 'e',
        id: [null, '1', '2'],
        timestamp: [null, '2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.000Z'],
        behaviorProbability: [null, 0.75, 0.75],
        actions: [null, ['go', 'stay'], ['go', 'stay']],
        nextActions: [null, null, null],
        metadata: [null, { model: 'x', tokens: 12 }, { model: 'x', tokens: 12 }],
      },
    })
    expect(text.endsWith('}\n')).toBe(true)
  })

  test.each<[string, Partial<RecordedExperience>]>([
    ['another state follows', { state: { n: 9 } }],
    ['another agent follows', { agentId: 'b' }],
    ['another episode follows', { episodeId: null }],
    ['another task follows', { taskId: 't' }],
  ])('begins a new line if %s', (_, change) => {
    expect([...writeJsonLines([recorded, { ...second, ...change }])]).toHaveLength(2)
  })

  test('begins a new line after the end of an episode, and after 1000 steps', () => {
    const still = { ...recorded, nextState: recorded.state }
    expect([...writeJsonLines([{ ...still, truncated: true }, still])]).toHaveLength(2)
    expect([...writeJsonLines(Array.from({ length: 2001 }, () => still))]).toHaveLength(3)
  })

  test('without experiences gives no lines', () => {
    expect([...writeJsonLines([])]).toEqual([])
    expect(taken(readJsonLines(source([]))).experiences).toEqual([])
  })
})

describe('reading written files', () => {
  test('round-trips experiences in their order', () => {
    fc.assert(
      fc.property(recordedExperiences, (experiences) => {
        const read = taken(readJsonLines(source(writeJsonLines(experiences))))
        expect(read.experiences).toEqual(experiences.map(asImportBatch))
        expect(read.skipped).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('round-trips the experiences of a store', async () => {
    await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
    const agent = await store.agent('walker', { type: 'walker' })
    for (let i = 0; i < 30; i++) {
      const { action, probability } = await agent.selectAction({ at: i % 7 }, { actions: ['left', 'right'] })
      const [state, nextState] = [{ at: i % 7 }, { at: (i + 1) % 7 }]
      const optional = i % 3 === 0 ? {} : { behaviorProbability: probability, actions: ['left', 'right'] }
      await agent.learn({ state, action, nextState, ...optional, reward: -0 + i / 7, terminated: i % 7 === 6 })
    }
    const experiences = (await store.experiences.list()).reverse()
    const text = [...writeJsonLines(experiences)]
    expect(text).toHaveLength(5)
    expect(taken(readJsonLines(source(text))).experiences).toEqual(experiences.map(asImportBatch))
  })
})

describe('reading other files', () => {
  test('uses the id of an episode, and derives stable ids of experiences', () => {
    const [first, again] = [0, 1].map(() => taken(readJsonLines(lines(foreign, { ...foreign, id: 8 }))))
    expect(first?.experiences).toMatchObject([
      { agentId: 'dataset', taskType: 'dataset', episodeId: '7', state: 0, nextState: 1, timestamp: null },
      { episodeId: '8' },
    ])
    expect(first?.agents).toEqual([{ id: 'dataset', configuration: {} }])
    const ids = first?.experiences.map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
    expect(again?.experiences.map(({ id }) => id)).toEqual(ids)
  })

  test('gives equal experiences different ids', () => {
    const { id: _, ...nameless } = foreign
    const { experiences } = taken(readJsonLines(lines(nameless, nameless), { agentId: 'x', taskType: 'y' }))
    expect(new Set(experiences.map(({ id }) => id)).size).toBe(2)
    expect(experiences).toMatchObject([{ agentId: 'x', taskType: 'y', episodeId: null }, { agentId: 'x' }])
  })

  test('counts unknown fields', () => {
    const read = taken(readJsonLines(lines({ ...foreign, seed: 1, infos: { speed: [1, 2] } }, { ...foreign, seed: 2 })))
    expect(read.skipped).toEqual([
      { what: 'seed', count: 2, reason: 'this store has no such field' },
      { what: 'infos: speed', count: 1, reason: 'this store has no such field' },
    ])
  })

  test('accepts a byte order mark, CRLF, blank lines and a missing last line ending', () => {
    const line = JSON.stringify(foreign)
    const text = `\uFEFF\r\n${line}\r\n\n   \n${JSON.stringify({ ...foreign, id: 8 })}`
    expect(taken(readJsonLines(utf8(text))).experiences).toHaveLength(2)
  })

  test('imports duplicate experiences with ids once, and counts the duplicates', () => {
    const text = [...writeJsonLines([recorded])].join('')
    const read = taken(readJsonLines(utf8(text + text)))
    expect(read.experiences).toHaveLength(1)
    expect(read.skipped).toEqual([{ what: 'experiences', count: 1, reason: 'is a duplicate' }])
  })
})

describe('refuses with the line', () => {
  test.each<[string, unknown, string]>([
    ['too few observations', { ...foreign, observations: [0] }, 'observations in line 2 to be a list of 2'],
    ['too many rewards', { ...foreign, rewards: [1, 2] }, 'rewards in line 2 to be a list of 1'],
    ['no terminations', { ...foreign, terminations: undefined }, 'terminations in line 2 to be a list'],
    ['a reward of text', { ...foreign, rewards: ['1'] }, 'rewards of step 0 in line 2 to be a finite number, got "1"'],
    ['a flag of 1', { ...foreign, truncations: [1] }, 'truncations of step 0 in line 2 to be true or false, got 1'],
    ['a list', [foreign], 'line 2 to be an object, got a list'],
    ['null', null, 'line 2 to be an object, got null'],
    ['infos of other length', { ...foreign, infos: { id: ['x'] } }, 'id in line 2 to be a list of 2'],
    ['a probability of 0', { ...foreign, infos: { behaviorProbability: [null, 0] } }, 'behaviorProbability of step 0'],
    ['an impossible day', { ...foreign, infos: { timestamp: [null, '2026-02-30 00:00:00'] } }, 'timestamp of step 0'],
    ['an empty id', { ...foreign, infos: { id: [null, ''] } }, 'id of step 0 in line 2 to be a non-empty string'],
    ['an episode id of an object', { ...foreign, id: {} }, 'id in line 2 to be a non-empty string'],
  ])('%s', (_, line, message) => {
    expect(refusal(readJsonLines(lines({ ...foreign, id: 6 }, line)))).toContain(
      `INVALID_ARGUMENT: Expected ${message}`,
    )
  })

  test.each([
    ['cut off', '{"observations":[0,'],
    ['NaN', JSON.stringify(foreign).replace('[1]', '[NaN]')],
    ['Infinity', JSON.stringify(foreign).replace('[1]', '[Infinity]')],
    ['two values', '{} {}'],
  ])('what is not JSON: %s', (_, line) => {
    const text = `${JSON.stringify(foreign)}\n\n${line}\n`
    expect(refusal(readJsonLines(utf8(text)))).toContain('INVALID_ARGUMENT: Expected line 3 to be JSON, got `')
  })

  test('an id of two different experiences', () => {
    const text = [...writeJsonLines([recorded, { ...recorded, reward: 2 }])].join('')
    expect(refusal(readJsonLines(utf8(text)))).toContain('Expected id of step 0 in line 2 to be unique, got "1"')
  })

  test('bytes that are not UTF-8, and unknown options', () => {
    expect(refusal(readJsonLines(new Uint8Array([0x7b, 0xff])))).toContain('NOT_A_STORE: Expected text in UTF-8')
    expect(refusal(readJsonLines(utf8(''), { agent: 'x' } as object))).toContain('INVALID_ARGUMENT')
  })
})

describe('hostile lines', () => {
  test('numbers beyond the range are refused', () => {
    const huge = JSON.stringify(foreign).replace('[1]', '[1e999]')
    expect(refusal(readJsonLines(utf8(huge)))).toContain('finite number, got Infinity')
    const state = JSON.stringify(foreign).replace('[0,1]', '[0,-1e999]')
    expect(refusal(readJsonLines(utf8(state)))).toContain('observations after it of step 0 in line 1')
  })

  test('-0 becomes 0', () => {
    const text = JSON.stringify(foreign).replace('[1]', '[-0]').replace('[0,1]', '[-0,[-0]]')
    const [one] = taken(readJsonLines(utf8(text))).experiences
    expect(one).toMatchObject({ reward: 0, state: 0, nextState: [0] })
  })

  test('a hundred thousand levels are refused without recursion', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const text = JSON.stringify(foreign).replace('[0,1]', `[0,${deep}]`)
    expect(refusal(readJsonLines(utf8(text)))).toMatch(/at most 32 levels deep|line 1 to be JSON/)
  })

  test('lone surrogates are refused', () => {
    const text = JSON.stringify(foreign).replace('"x"', '"\\ud800"')
    expect(refusal(readJsonLines(utf8(text)))).toContain('a lone surrogate')
  })

  test('`__proto__` and `constructor` are ordinary names', () => {
    const state = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    const text = JSON.stringify(foreign)
      .replace('[0,1]', `[${state},1]`)
      .replace('{', '{"__proto__":{"agentId":"evil","infos":{"agentId":"evil"}},')
    const read = taken(readJsonLines(utf8(text)))
    expect(JSON.stringify(read.experiences[0]?.state)).toBe(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    )
    expect(read.experiences[0]?.agentId).toBe('dataset')
    expect(read.skipped).toEqual([{ what: '__proto__', count: 1, reason: 'this store has no such field' }])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('a hundred thousand lines are read in slices of a thousand', () => {
    const text = Array.from({ length: 100_000 }, (_, id) => JSON.stringify({ ...foreign, id })).join('\n')
    const read = taken(readJsonLines(utf8(text)))
    expect(read.experiences).toHaveLength(100_000)
    expect(read.progress.map(({ done }) => done)).toEqual(Array.from({ length: 100 }, (_, i) => i * 1000))
  })

  test('a line with many unknown names gives a short report', () => {
    const others = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`name${i}`, i]))
    const { skipped } = taken(readJsonLines(lines({ ...others, ...foreign })))
    expect(skipped.length).toBeLessThanOrEqual(51)
    expect(skipped.reduce((sum, { count }) => sum + count, 0)).toBe(1000)
  })
})
