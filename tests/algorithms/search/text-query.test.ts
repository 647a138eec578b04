import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWords, matchExpression } from '../../../src/algorithms/search/text-query.ts'

test.each<[string, string | undefined]>([
  ['api validation', '"api" "validation"'],
  ['vali*', '"vali*"'],
  ['"some words"', '"some words"'],
  ['"some wor*" x', '"some wor*" "x"'],
  ['edge-case', '"edge case"'],
  ['"left open', '"left open"'],
  ['a"b c"d', '"a" "b c" "d"'],
  ['x OR y', '"x" "OR" "y"'],
  ['twice twice', '"twice"'],
  ['name:api (x)', '"name api" "x"'],
  [' *-"" ', undefined],
  ['', undefined],
])('the expression for %j is %j', (text, expression) => {
  expect(matchExpression(text, 'all')).toBe(expression)
})

test('`any` joins the phrases by OR', () => {
  expect(matchExpression('a "b c"', 'any')).toBe('"a" OR "b c"')
})

test('a long text is cut to its first words', () => {
  const words = Array.from({ length: 500 }, (_, i) => `w${i}`)
  expect(matchExpression(words.join(' '), 'all')).toBe(
    words
      .slice(0, 32)
      .map((word) => `"${word}"`)
      .join(' '),
  )
  expect(matchExpression(words.join('-'), 'all')).toBe(`"${words.slice(0, 64).join(' ')}"`)
})

test('an expression consists of words, trailing asterisks, paired quotes and OR', () => {
  const phrase = '"[A-Za-z0-9_\\u0080-\\uffff]+\\*?( [A-Za-z0-9_\\u0080-\\uffff]+\\*?)*"'
  const expected = new RegExp(`^${phrase}( (OR )?${phrase})*$`)
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('"', '*', ' ', 'a', '-', 'OR', '(', ')', '\0', '\ud800', 'é'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom('all', 'any'), (given, matching) => {
      const expression = matchExpression(given, matching)
      if (expression !== undefined) expect(expression).toMatch(expected)
    }),
    { numRuns: 2000 },
  )
})

test('countWords agrees with SQLite', () => {
  expect(countWords('edge-case, 2 x_y größe 😀.')).toBe(6)
  expect(countWords('')).toBe(0)
})
