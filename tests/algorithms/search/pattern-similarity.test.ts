import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashFeatures } from '../../../src/algorithms/search/feature-hashing.ts'
import { patternFeatures } from '../../../src/algorithms/search/pattern-features.ts'
import {
  type Parts,
  partsOf,
  SIMILARITY_WEIGHTS,
  SimilarityIndex,
  type SimilarPattern,
} from '../../../src/algorithms/search/pattern-similarity.ts'
import { lengthOf, VectorIndex } from '../../../src/algorithms/search/vectors.ts'

const part = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 12 })
const document = fc.record({ structure: part, identifiers: part, metadata: part })
interface Document {
  readonly structure: readonly string[]
  readonly identifiers: readonly string[]
  readonly metadata: readonly string[]
}

const query = { weights: SIMILARITY_WEIGHTS, minimum: 0, limit: 1000, fits: () => true }
const byId = (found: SimilarPattern[]): Map<string, SimilarPattern> => new Map(found.map((one) => [one.id, one]))

function indexOf(documents: ReadonlyMap<string, Document>): SimilarityIndex<null> {
  const index = new SimilarityIndex<null>()
  for (const [id, one] of documents) index.set(id, partsOf(one), null)
  return index
}

describe('the index', () => {
  test('equals one built from scratch, bit for bit, whatever was set and removed before', () => {
    const change = fc.tuple(fc.constantFrom('p', 'q', 'r', 's'), fc.option(document))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), document, (changes, asked) => {
        const index = new SimilarityIndex<null>()
        const documents = new Map<string, Document>()
        for (const [id, one] of changes) {
          if (one) {
            documents.set(id, one)
            index.set(id, partsOf(one), null)
          } else {
            documents.delete(id)
            index.remove(id)
          }
          index.nearest(partsOf(asked), query)
        }
        const anew = indexOf(new Map([...documents].reverse()))
        expect(index.nearest(partsOf(asked), query)).toEqual(anew.nearest(partsOf(asked), query))
      }),
      { numRuns: 200 },
    )
  })

  test('is symmetric, in [0, 1], and 1 for equal documents', () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 2, maxLength: 6 }), (documents) => {
        const index = indexOf(new Map(documents.map((one, i) => [String(i), one])))
        const found = documents.map((one) => byId(index.nearest(partsOf(one), query)))
        for (const [i, mine] of found.entries()) {
          expect(mine.get(String(i))).toMatchObject({ similarity: 1, structure: 1, identifiers: 1, metadata: 1 })
          for (const [j, theirs] of found.entries()) {
            const similarity = mine.get(String(j))?.similarity ?? Number.NaN
            expect(similarity).toBe(theirs.get(String(i))?.similarity)
            expect(similarity).toBeGreaterThanOrEqual(0)
            expect(similarity).toBeLessThanOrEqual(1)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('has the TF-IDF cosines of an independent computation', () => {
    const documents: string[][] = [
      ['a', 'a', 'b'],
      ['b', 'c', 'c', 'c'],
      ['a', 'c', 'd'],
    ]
    const vocabulary = ['a', 'b', 'c', 'd']
    const vectors = documents.map((words) =>
      vocabulary.map((word) => {
        const count = words.filter((one) => one === word).length
        const having = documents.filter((one) => one.includes(word)).length
        return count === 0 ? 0 : (1 + Math.log(count)) * (1 + Math.log((1 + documents.length) / (1 + having)))
      }),
    )
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
    const index = indexOf(
      new Map(documents.map((words, i) => [String(i), { structure: words, identifiers: [], metadata: ['same'] }])),
    )
    const [first = []] = vectors
    const asked = partsOf({ structure: documents[0] ?? [], identifiers: [], metadata: [] })
    const found = byId(index.nearest(asked, query))
    for (const [i, vector] of vectors.entries()) {
      const expected = dot(first, vector) / Math.sqrt(dot(first, first) * dot(vector, vector))
      const { structure, identifiers, metadata, similarity } = found.get(String(i)) as SimilarPattern
      expect(structure).toBeCloseTo(expected, 6)
      // Two parts without anything are alike, one with something and one without are not.
      expect([identifiers, metadata]).toEqual([1, 0])
      expect(similarity).toBeCloseTo(0.4 * expected + 0.4, 6)
    }
  })
})

describe('features', () => {
  const whole = {
    patternType: 'unit',
    framework: 'jest',
    language: 'typescript',
    metadata: { tags: ['X'], name: 'A name' },
    codeSignature: { name: 'parseJSONText', arity: 2 },
    testTemplate: ["expect(parse('a')).toBe(1)"],
  }

  test('are structure, identifiers and metadata', () => {
    const { structure, identifiers, metadata } = patternFeatures(whole)
    expect(identifiers).toEqual(['parse', 'json', 'text', 'expect', 'parse', 'a', 'to', 'be', '1'])
    expect(metadata).toEqual(['type unit', 'framework jest', 'language typescript', 'tag x', 'word a', 'word name'])
    expect(structure).toContain('signature.arity 2')
    expect(structure).toContain('template[] text')
    expect(structure).toContain('code name ( text')
  })

  test('of the structure do not depend on names', () => {
    const renamed = { ...whole, testTemplate: ['verify(read("other")).toEqual(7)'] }
    expect(patternFeatures(renamed).structure).toEqual(patternFeatures(whole).structure)
    const reshaped = { ...whole, testTemplate: ['verify(read("other")) || toEqual(7)'] }
    expect(patternFeatures(reshaped).structure).not.toEqual(patternFeatures(whole).structure)
  })

  test('of different parts never share a number, and equal features always do', () => {
    const numbers = [0, 1, 2].map((each) => hashFeatures(each, ['a', 'b', 'a']))
    for (const { features, frequencies } of numbers) {
      expect(features).toHaveLength(2)
      expect([...frequencies].sort()).toEqual([1, Math.fround(1 + Math.log(2))])
      expect([...features]).toEqual([...features].sort((a, b) => a - b))
    }
    expect(new Set(numbers.flatMap(({ features }) => [...features])).size).toBe(6)
    const [structure] = partsOf({ structure: ['a'], identifiers: [], metadata: [] }) satisfies Parts
    expect(numbers[0]?.features).toContain(structure.features[0])
  })
})

test('vectors are found by their exact cosine', () => {
  const vector = fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 })
    .filter((items) => items.some((item) => item !== 0))
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 20 }), vector, fc.nat({ max: 5 }), (all, asked, most) => {
      const index = new VectorIndex()
      for (const [i, items] of all.entries()) index.set(String(i), new Float32Array(items))
      const found = index.nearest(new Float32Array(asked), most, -1, (id) => id !== '0')
      const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
      const cosines = all.map((items) => dot(items, asked) / Math.sqrt(dot(items, items) * dot(asked, asked)))
      const expected = cosines.slice(1).sort((a, b) => b - a)
      expect(found).toHaveLength(Math.min(most, expected.length))
      for (const [i, { id, similarity }] of found.entries()) {
        expect(similarity).toBeCloseTo(expected[i] as number, 12)
        expect(similarity).toBeCloseTo(cosines[Number(id)] as number, 12)
      }
    }),
  )
  expect(lengthOf(new Float32Array([3, 4]))).toBe(5)
})
