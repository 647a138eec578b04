import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import type { StoreErrorCode } from '../../../src/errors.ts'

/** States and rewards at the edges of what JavaScript has. */
const STATES: { readonly [name: string]: unknown } = {
  'an empty string': '',
  'a space': ' ',
  'a quote': "'; DROP TABLE learning_experiences; --",
  'a zero character': 'a\u0000b',
  'an emoji': '🧠',
  'a composed and a decomposed letter': ['ü', 'u\u0308'],
  'a long text': 'x'.repeat(100_000),
  'a number as text': '1',
  zero: 0,
  'negative zero': -0,
  'the smallest number': 5e-324,
  'the largest number': Number.MAX_VALUE,
  'an integer beyond 2^53': 2 ** 60,
  true: true,
  null: null,
  'an empty object': {},
  'an empty array': [],
  'nested arrays': [[[[]]]],
  'a deep object': { a: { b: { c: { d: { e: 1 } } } } },
  'a key named toString': { toString: 'x' },
  'a key named __proto__': JSON.parse('{"__proto__": 1}'),
  'an empty key': { '': 1 },
  'keys that are numbers': { 2: 'b', 1: 'a' },
}

describe('a state', () => {
  test.each(Object.entries(STATES))('that is %s comes back equal, and is one state', async (_, state) => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent<never>('router')
    await agent.learn({ state: state as never, action: 'a', reward: 1, terminated: true })
    const [experience] = await store.experiences.list()
    expect(JSON.stringify(experience?.state)).toBe(JSON.stringify(state))
    await agent.learn({ state: state as never, action: 'a', reward: 1, terminated: true })
    expect((await store.values.list({ agentId: 'router' })).map(({ visits }) => visits)).toEqual([2])
    expect(await store.verify()).toMatchObject({ findings: [] })
    await store.close()
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['half a surrogate pair', '\ud83e'],
  ])('that is %s is refused, and changes nothing', async (_, state) => {
    await expectRefused({ state, reward: 1 })
  })

  test('that is a cycle is refused, and changes nothing', async () => {
    await expectRefused({ state: cycle(), reward: 1 }, 'TOO_LARGE')
  })
})

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['text', '1'],
  ['null', null],
  ['missing', undefined],
  ['a bigint', 1n],
  ['a list', [1]],
])('a reward that is %s is refused, and changes nothing', async (_, reward) => {
  await expectRefused({ state: 's', reward })
})

test.each([0, -0, 5e-324, -1e300, 0.1 + 0.2])('a reward of %s comes back as it was', async (reward) => {
  const store = await openLearningStore({ storage: 'memory:' })
  await (await store.agent('router')).learn({ state: 's', action: 'a', reward, terminated: true })
  expect((await store.experiences.list())[0]?.reward === reward).toBe(true)
  await store.close()
})

async function expectRefused(
  given: { readonly state: unknown; readonly reward: unknown },
  code: StoreErrorCode = 'INVALID_ARGUMENT',
): Promise<void> {
  const store = await openLearningStore({ storage: 'memory:' })
  const agent = await store.agent('router')
  const { sequence } = await store.status()
  const refused = agent.learn({ ...given, action: 'a', terminated: true } as never)
  await expect(refused).rejects.toMatchObject({ code })
  expect((await store.status()).sequence).toBe(sequence)
  await store.close()
}

function cycle(): unknown {
  const one: { self?: unknown } = {}
  one.self = one
  return one
}
