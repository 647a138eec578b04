import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesPattern } from '../../../src/algorithms/search/wildcards.ts'

test('matchesPattern agrees with a regular expression', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '\n'), maxLength: 6 })
  fc.assert(
    fc.property(text, pattern, (one, form) => {
      const source = form
        .split('*')
        .map((part) => part.replaceAll('.', '\\.'))
        .join('[^]*')
      expect(matchesPattern(one, form)).toBe(new RegExp(`^${source}$`).test(one))
    }),
    { numRuns: 2000 },
  )
})

test('matchesPattern takes linear time where a regular expression backtracks exponentially', () => {
  expect(matchesPattern('a'.repeat(100_000), `${'*a'.repeat(50)}*b`)).toBe(false)
})
