import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, decodeFrames, encodeFrame, type Frame, lastSequence } from '../../../src/persistence/log/frame.ts'
import {
  type RecordedCommit,
  type RecordedValue,
  RecordReader,
  RecordWriter,
} from '../../../src/persistence/log/record.ts'
import { flipped } from '../storage-under-test.ts'

const RUNS = { seed: 20_260_101, numRuns: 300 }

const value: fc.Arbitrary<RecordedValue> = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom<RecordedValue>(null, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '\0', 'n', '', '-0'),
)

const statement: fc.Arbitrary<RecordedCommit['statements'][number]> = fc.record({
  sql: fc.constantFrom('INSERT INTO a VALUES (?)', 'DELETE FROM a', '\0"💾', ''),
  values: fc.array(value, { maxLength: 5 }),
})

const segment: fc.Arbitrary<RecordedCommit[]> = fc
  .array(fc.array(statement, { maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .map((commits) => commits.map((statements, i) => ({ sequence: i + 1, statements })))

function roundTrip(commits: readonly RecordedCommit[]): RecordedCommit[] {
  const writer = new RecordWriter()
  const bytes = concat(commits.map((commit) => writer.encode(commit, commit.sequence)))
  const { frames, state } = decodeFrames(bytes)
  expect(state).toBe('whole')
  const reader = new RecordReader()
  return frames.map((frame) => reader.decode(frame))
}

function same(one: RecordedValue): RecordedValue | undefined {
  const commit = { sequence: 1, statements: [{ sql: 'X', values: [one] }] }
  return roundTrip([commit])[0]?.statements[0]?.values[0]
}

describe('A record', () => {
  test('decodes every statement with its values', () => {
    fc.assert(
      fc.property(segment, (commits) => {
        expect(roundTrip(commits)).toEqual(commits)
      }),
      RUNS,
    )
  })

  test.each([
    0,
    -0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    2 ** -1030,
    Number.MAX_VALUE,
    Number.MAX_SAFE_INTEGER,
    2 ** 53 + 2,
    0.1 + 0.2,
    1e21,
  ])('gives back the number %d bit by bit', (number) => {
    expect(same(number)).toBe(number)
  })

  test('decodes every number exactly', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        expect(same(number)).toBe(number)
      }),
      { ...RUNS, numRuns: 2_000 },
    )
  })

  test('decodes every well-formed string', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
    const awkward = fc.constantFrom('\0', '"', '\\', '\u2028', '\ufeff', '\uffff', '💾', '\n')
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(character, awkward) }), (text) => {
        expect(same(text)).toBe(text)
      }),
      { ...RUNS, numRuns: 2_000 },
    )
  })

  test('decodes bytes, also many of them', () => {
    const large = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff)
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    for (const bytes of [large, all, new Uint8Array(), large.subarray(7, 1_009)]) expect(same(bytes)).toEqual(bytes)
  })

  test('carries the SQL of a statement once per segment', () => {
    const sql = 'INSERT INTO experiences (state) VALUES (?)'
    const encode = (writer: RecordWriter, sequence: number): Uint8Array =>
      writer.encode({ sequence, statements: [{ sql, values: [1] }] }, sequence)
    const writer = new RecordWriter()
    const [first, second, third] = [encode(writer, 1), encode(writer, 2), encode(writer, 3)]
    expect(textOf(first)).toContain(sql)
    expect(textOf(second)).not.toContain('INSERT')
    expect(third.length).toBe(second.length)
    expect(textOf(encode(new RecordWriter(), 3))).toContain(sql)
  })
})

describe('A stream of frames', () => {
  /** Writes of one or more records each, as a log has them. */
  const writes: fc.Arbitrary<Uint8Array[][]> = fc
    .array(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((texts) => {
      let sequence = 0
      return texts.map((write) => {
        const first = sequence + 1
        return write.map((text) => {
          sequence++
          return encodeFrame({ sequence, first, payload: new TextEncoder().encode(text) })
        })
      })
    })

  test('is cut at any byte: only whole frames are read, and the rest is a torn tail', () => {
    fc.assert(
      fc.property(writes, fc.nat(), (stream, seed) => {
        const frames = stream.flat()
        const bytes = concat(frames)
        const length = seed % bytes.length
        const decoded = decodeFrames(bytes.subarray(0, length))
        const ends = endsOf(frames)
        expect(decoded.frames).toHaveLength(ends.filter((end) => end <= length).length)
        expectBeginning(decoded.frames, frames)
        expect(decoded.state).toBe(length === 0 || ends.includes(length) ? 'whole' : 'torn')
      }),
      RUNS,
    )
  })

  test('with one flipped byte yields only correct frames, and is damaged only if a later write is whole', () => {
    fc.assert(
      fc.property(writes, fc.nat(), fc.integer({ min: 1, max: 255 }), (stream, seed, mask) => {
        const frames = stream.flat()
        const bytes = concat(frames)
        const at = seed % bytes.length
        const decoded = decodeFrames(bytes.map((byte, i) => (i === at ? byte ^ mask : byte)))
        const hit = endsOf(frames).findIndex((end) => at < end)
        expect(decoded.frames).toHaveLength(hit)
        expectBeginning(decoded.frames, frames)
        expect(decoded.state).toBe(stateExpected(stream, hit))
      }),
      { ...RUNS, numRuns: 2_000 },
    )
  })

  test('with missing frames yields the sequences of the later ones', () => {
    const frames = [1, 2, 3].map((sequence) => encodeFrame({ sequence, first: sequence, payload: new Uint8Array(3) }))
    const { frames: found } = decodeFrames(concat(frames.filter((_, i) => i !== 1)))
    expect(found.map(({ sequence }) => sequence)).toEqual([1, 3])
    expect(lastSequence(frames)).toBe(3)
    expect(lastSequence([])).toBeUndefined()
  })

  test('ends in zeros or in bytes that were never ours: a torn tail', () => {
    const frame = encodeFrame({ sequence: 1, first: 1, payload: new Uint8Array(9) })
    for (const tail of [new Uint8Array(4_096), new Uint8Array(50).fill(0xff), frame.subarray(0, 20)]) {
      expect(decodeFrames(concat([frame, tail]))).toMatchObject({ frames: [{ sequence: 1 }], state: 'torn' })
    }
    expect(decodeFrames(flipped(frame, 5)).frames).toEqual([])
    expect(decodeFrames(new Uint8Array())).toEqual({ frames: [], state: 'whole' })
  })

  /** With nothing whole before it, the first write cannot be told from the one after: it takes two whole later writes. */
  function stateExpected(stream: readonly Uint8Array[][], hit: number): 'torn' | 'damaged' {
    const owners = stream.flatMap((write, i) => write.map(() => i))
    const later = new Set(owners.slice(hit + 1))
    if (hit === 0) return later.size > 1 ? 'damaged' : 'torn'
    return [...later].some((owner) => owner !== owners[hit]) ? 'damaged' : 'torn'
  }

  function expectBeginning(found: readonly Frame[], written: readonly Uint8Array[]): void {
    expect(found.map(encodeFrame)).toEqual(written.slice(0, found.length))
  }

  function endsOf(frames: readonly Uint8Array[]): number[] {
    let end = 0
    return frames.map((frame) => {
      end += frame.length
      return end
    })
  }
})

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
