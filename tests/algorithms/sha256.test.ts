import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/algorithms/sha256.ts'

test('sha256 returns the published digests', () => {
  // FIPS 180-2, appendices B.1 and B.2.
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})

test('sha256 agrees with the platform for every length', () => {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
  for (let length = 0; length < 200; length++) expect(sha256('a'.repeat(length))).toBe(digest('a'.repeat(length)))
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => sha256(text) === digest(text)))
})
