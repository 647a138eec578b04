import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonFilter, matchesJson } from '../../../src/algorithms/json-filter.ts'
import type { JsonObject } from '../../../src/json-value.ts'
import { plainValue } from '../../plain-value.ts'
import { clockedStore } from '../clocked-store.ts'

const rows: readonly (JsonObject | undefined)[] = [
  { model: 'small', tokens: 10, tags: ['x', 'y'], usage: { cost: 0.5 }, ok: true },
  { model: 'large', tokens: 1000, 'gen_ai.request.model': 'm', usage: { cost: 2 }, ok: false },
  { model: '10', tokens: '10', ok: 1, none: null },
  undefined,
]

function found(metadata: JsonFilter): number[] {
  const { store } = clockedStore()
  const agent = store.agent('x')
  for (const [i, one] of rows.entries()) {
    agent.learn({ id: String(i), state: i, action: 'a', reward: 0, terminated: true, ...(one && { metadata: one }) })
  }
  const ids = agent.experiences.list({ metadata }).map(({ id }) => Number(id))
  expect(agent.experiences.count({ metadata })).toBe(ids.length)
  return ids.toReversed()
}

describe('a filter of metadata', () => {
  test.each<[JsonFilter, number[]]>([
    [{}, [0, 1, 2, 3]],
    [{ model: 'small' }, [0]],
    [{ tokens: 10 }, [0]],
    [{ tokens: '10' }, [2]],
    [{ ok: true }, [0]],
    [{ ok: 1 }, [2]],
    [{ none: null }, [2]],
    [{ 'usage.cost': 2 }, [1]],
    [{ 'tags.1': 'y' }, [0]],
    [{ 'tags.2': 'y' }, []],
    [{ tags: ['x', 'y'] }, [0]],
    [{ usage: { cost: 0.5 } }, [0]],
    [{ usage: { cost: { $gte: 0.5 } } }, [0, 1]],
    [{ usage: { $eq: { cost: 0.5 } } }, [0]],
    [{ usage: {} }, [0, 1]],
    [{ 'gen_ai.request.model': 'm' }, [1]],
    [{ model: 'small', tokens: 1000 }, []],
    [{ tokens: { $gt: 10 } }, [1]],
    [{ tokens: { $gte: 10, $lt: 1000 } }, [0, 2]],
    [{ tokens: { $lte: 10 } }, [0, 2]],
    [{ model: { $gt: 'l' } }, [0, 1]],
    [{ model: { $ne: 'small' } }, [1, 2, 3]],
    [{ tokens: { $in: [10, 1000] } }, [0, 1]],
    [{ tokens: { $nin: [10, '10'] } }, [1, 3]],
    [{ tags: { $exists: true } }, [0]],
    [{ tags: { $exists: false } }, [1, 2, 3]],
    [{ __proto__: null, toString: { $exists: true } } as unknown as JsonFilter, []],
  ])('%j finds %j', (filter, ids) => {
    expect(found(filter)).toEqual(ids)
  })

  test.each<[unknown, string]>([
    [[], 'metadata to be an object'],
    ['model', 'metadata to be an object'],
    [{ a: { $like: 1 } }, 'metadata.a to have only operators'],
    [{ a: { $gt: 1, b: 2 } }, 'metadata.a to have only operators'],
    [{ a: { $gt: null } }, 'metadata.a.$gt'],
    [{ a: { $in: 1 } }, 'metadata.a.$in'],
    [{ a: { $exists: 'yes' } }, 'metadata.a.$exists'],
  ])('%j is refused', (filter, message) => {
    expect(() => found(filter as JsonFilter)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    )
  })

  test('finds by any of its values what has metadata', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[\w é-]+$/), plainValue, { minKeys: 1, maxKeys: 4 }), (given) => {
        const { store } = clockedStore()
        const agent = store.agent('x')
        const metadata = JSON.parse(JSON.stringify(given)) as JsonObject
        agent.learn({ state: 's', action: 'a', reward: 0, terminated: true, metadata })
        expect(agent.experiences.list()[0]?.metadata).toEqual(metadata)
        for (const [name, value] of Object.entries(metadata)) {
          if (value !== undefined) expect(agent.experiences.count({ metadata: { [name]: { $eq: value } } })).toBe(1)
        }
      }),
      { numRuns: 20, seed: 1 },
    )
  })

  test('finds what it finds in the shared memory', () => {
    const name = fc.constantFrom('a', 'b', 'a.b', '0')
    const value = fc.oneof(
      fc.constantFrom(null, true, false, 0, 1, 2.5, -1, '1', '2.5', 'x', '', 'y'),
      fc.array(fc.constantFrom(1, '1', 'x', true), { maxLength: 2 }),
      fc.dictionary(name, fc.constantFrom(1, 'x', null), { maxKeys: 2 }),
    )
    const data = fc.dictionary(name, value, { maxKeys: 3 })
    const operand = fc.oneof(
      fc.record({ $eq: value }),
      fc.record({ $ne: value }),
      fc.record({ $in: fc.array(value, { maxLength: 2 }) }),
      fc.record({ $nin: fc.array(value, { maxLength: 2 }) }),
      fc.record({ $exists: fc.boolean() }),
      ...(['$gt', '$gte', '$lt', '$lte'] as const).map((one) =>
        fc.constantFrom(0, 1, 2.5, '1', 'x').map((wanted) => ({ [one]: wanted })),
      ),
    )
    const filter = fc.dictionary(fc.constantFrom('a', 'b', 'a.b', 'a.0', 'b.a'), fc.oneof(value, operand), {
      maxKeys: 2,
    })
    fc.assert(
      fc.property(fc.array(data, { minLength: 1, maxLength: 4 }), filter, (all, wanted) => {
        const { store } = clockedStore()
        const agent = store.agent('x')
        const plain = all.map((one) => JSON.parse(JSON.stringify(one)) as JsonObject)
        for (const [i, metadata] of plain.entries()) {
          agent.learn({ id: String(i), state: i, action: 'a', reward: 0, terminated: true, metadata })
        }
        const ids = agent.experiences.list({ metadata: wanted as JsonFilter }).map(({ id }) => Number(id))
        const expected = plain.flatMap((metadata, i) => (matchesJson(metadata, wanted as JsonFilter) ? [i] : []))
        expect(ids.toReversed()).toEqual(expected)
      }),
      { numRuns: 40, seed: 1 },
    )
  })
})
