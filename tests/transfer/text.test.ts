import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJsonLines } from '../../src/transfer/json-lines/read.ts'
import { bytesOf, linesOf, MAX_TEXT_BYTES, textOf } from '../../src/transfer/text.ts'
import { refusal } from './sources.ts'

test('pieces are encoded as UTF-8 in chunks of about 64 KiB', () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 30_000 }), { maxLength: 8 })
  fc.assert(
    fc.property(pieces, (texts) => {
      const chunks = [...bytesOf(texts)]
      expect(Buffer.concat(chunks).toString()).toBe(texts.join(''))
      expect(chunks.slice(0, -1).every(({ length }) => length >= 64 * 1024)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('an export that is not read on makes no more pieces', () => {
  let made = 0
  const endless = function* (): Generator<string> {
    for (;;) {
      made++
      yield 'x'.repeat(1024)
    }
  }
  const chunks = bytesOf(endless())
  expect(chunks.next().value).toHaveLength(64 * 1024)
  chunks.return()
  expect(made).toBe(64)
})

test('more than 256 MiB are refused without decoding', () => {
  expect(refusal(readJsonLines(new Uint8Array(MAX_TEXT_BYTES + 1)))).toBe(
    'INVALID_ARGUMENT: Expected at most 268435456 bytes of text, got 268435457',
  )
})

test('lines have the numbers that an editor shows', () => {
  const text = textOf(new TextEncoder().encode('\uFEFFa\r\n\n \t\nb\nc'))
  expect([...linesOf(text)].map(({ number, text }) => [number, text.trimEnd()])).toEqual([
    [1, 'a'],
    [4, 'b'],
    [5, 'c'],
  ])
})
