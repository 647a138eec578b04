import { expect, test } from 'vitest'
import { chunksOf, concat } from '../../../src/persistence/log/frame.ts'

const bytes = Uint8Array.from({ length: 10 }, (_, i) => i)

test('Chunks are copies, made on demand', () => {
  const source = bytes.slice()
  const chunks = chunksOf(source, 4)
  expect(chunks.next().value).toEqual([0, bytes.slice(0, 4)])
  source[4] = 99
  const rest = [...chunks]
  expect(rest).toEqual([
    [1, Uint8Array.of(99, 5, 6, 7)],
    [2, Uint8Array.of(8, 9)],
  ])
  for (const [, piece] of rest) expect(piece.buffer.byteLength).toBe(piece.length)
})

test.each([1, 3, 5, 9, 10, 11])('Pieces of at most %i bytes are the bytes, one after the other', (most) => {
  expect(concat(Array.from(chunksOf(bytes, most), ([, piece]) => piece))).toEqual(bytes)
})

test('Bytes that are one piece are given as they are, unless they are a view of more', () => {
  expect([...chunksOf(bytes, 10)][0]?.[1]).toBe(bytes)
  const [[, piece] = []] = chunksOf(bytes.subarray(2, 5), 10)
  expect(piece).toEqual(Uint8Array.of(2, 3, 4))
  expect(piece?.buffer.byteLength).toBe(3)
  expect([...chunksOf(new Uint8Array(), 10)]).toEqual([[0, new Uint8Array()]])
})
