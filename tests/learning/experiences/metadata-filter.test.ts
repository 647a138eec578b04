import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/json-value.ts'
import type { MetadataFilter } from '../../../src/learning/experiences/metadata-filter.ts'
import { plainValue } from '../../plain-value.ts'
import { clockedStore } from '../clocked-store.ts'

const rows: readonly (JsonObject | undefined)[] = [
  { model: 'small', tokens: 10, tags: ['x', 'y'], usage: { cost: 0.5 }, ok: true },
  { model: 'large', tokens: 1000, 'gen_ai.request.model': 'm', usage: { cost: 2 }, ok: false },
  { model: '10', tokens: '10', ok: 1, none: null },
  undefined,
]

function found(metadata: MetadataFilter): number[] {
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
  test.each<[MetadataFilter, number[]]>([
    [{}, [0, 1, 2, 3]],
    [{ model: 'small' }, [0]],
    [{ tokens: 10 }, [0]],
    [{ tokens: '10' }, [2]],
    [{ ok: true }, [0]],
    [{ ok: 1 }, [2]],
    [{ none: null }, [2]],
    [{ 'usage.cost': 2 }, [1]],
    [{ 'tags[1]': 'y' }, [0]],
    [{ tags: ['x', 'y'] }, [0]],
    [{ usage: { cost: 0.5 } }, [0]],
    [{ 'gen_ai.request.model': 'm' }, [1]],
    [{ model: 'small', tokens: 1000 }, []],
    [{ tokens: { $gt: 10 } }, [1]],
    [{ tokens: { $gte: 10, $lt: 1000 } }, [0]],
    [{ tokens: { $lte: 10 } }, [0]],
    [{ model: { $gt: 'l' } }, [0, 1]],
    [{ model: { $ne: 'small' } }, [1, 2, 3]],
    [{ tokens: { $in: [10, 1000] } }, [0, 1]],
    [{ tokens: { $nin: [10, '10'] } }, [1, 3]],
    [{ tags: { $exists: true } }, [0]],
    [{ tags: { $exists: false } }, [1, 2, 3]],
    [{ __proto__: null, toString: { $exists: true } } as unknown as MetadataFilter, []],
  ])('%j finds %j', (filter, ids) => {
    expect(found(filter)).toEqual(ids)
  })

  test.each<[unknown, string]>([
    [[], 'metadata to be an object'],
    ['model', 'metadata to be an object'],
    [{ '': 1 }, 'a path of metadata'],
    [{ 'a..b': 1 }, 'a path of metadata'],
    [{ 'a"b': 1 }, 'a path of metadata'],
    [{ a: { $like: 1 } }, 'the operator of metadata a'],
    [{ a: { $gt: 1, b: 2 } }, 'the operator of metadata a'],
    [{ a: { $gt: null } }, '$gt of metadata a'],
    [{ a: { $in: 1 } }, '$in of metadata a'],
    [{ a: { $exists: 'yes' } }, '$exists of metadata a'],
  ])('%j is refused', (filter, message) => {
    expect(() => found(filter as MetadataFilter)).toThrow(
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
      { numRuns: 50, seed: 1 },
    )
  })
})
