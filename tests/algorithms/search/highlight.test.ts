import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highlighted, type TextPart } from '../../../src/algorithms/search/highlight.ts'

const shown = (parts: readonly TextPart[]): string =>
  parts.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')

/** Where a word is in the UTF-8 of a text. */
function find(text: string, word: string): { start: number; length: number }[] {
  const bytes = Buffer.from(text)
  const found: { start: number; length: number }[] = []
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) {
    found.push({ start: at, length: Buffer.byteLength(word) })
  }
  return found
}

test('hits are byte ranges in any order, and overlapping ones are joined', () => {
  const text = 'größe und größer'
  expect(shown(highlighted(text, find(text, 'größe').reverse()))).toBe('[größe] und [größe]r')
  expect(
    shown(
      highlighted('abcdef', [
        { start: 1, length: 3 },
        { start: 2, length: 3 },
      ]),
    ),
  ).toBe('a[bcde]f')
  expect(highlighted('abc', [])).toEqual([{ text: 'abc', isHit: false }])
})

test('a long text is cut at spaces to the excerpt with the most hits', () => {
  const text = `hit ${'word '.repeat(100)}hit and hit ${'tail '.repeat(100)}`
  expect(shown(highlighted(text, find(text, 'hit')))).toMatch(/^…(word ){1,8}\[hit\] and \[hit\] (tail ){20,}tail…$/)
})

test('the parts without ellipses are a substring of the text, and their hits are hits of the text', () => {
  const text = fc.array(fc.constantFrom('hit', 'größe', '😀', 'word', 'x'.repeat(90)), { maxLength: 80 })
  fc.assert(
    fc.property(text, (words) => {
      const whole = words.join(' ')
      const parts = highlighted(whole, find(whole, 'hit'))
      const joined = parts.map(({ text }) => text).join('')
      expect(whole).toContain(joined.replace(/^…/, '').replace(/…$/, ''))
      expect(parts.filter(({ isHit }) => isHit).every(({ text }) => /^(hit)+$/.test(text))).toBe(true)
      if (words.includes('hit')) expect(parts.some(({ isHit }) => isHit)).toBe(true)
      expect(Buffer.byteLength(joined)).toBeLessThan(260)
    }),
    { numRuns: 500 },
  )
})
