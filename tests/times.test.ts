import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTime } from '../src/checks.ts'
import { isIsoTime, isoTime, msOfTime, UNKNOWN_TIME } from '../src/times.ts'

const FIRST = Date.parse('0000-01-01T00:00:00.000Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

describe('a time of the API', () => {
  test('is ISO 8601 in UTC with milliseconds, and comes back as it was', () => {
    expect(isoTime(1_769_860_800_000)).toBe('2026-01-31T12:00:00.000Z')
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), fc.integer({ min: FIRST, max: LAST }), (one, other) => {
        expect(msOfTime(isoTime(one))).toBe(one)
        expect(isIsoTime(isoTime(one))).toBe(true)
        expect(isoTime(one) < isoTime(other)).toBe(one < other)
      }),
    )
  })

  test('outside the years 0000 to 9999 is the nearest inside', () => {
    expect(isoTime(Number.MAX_SAFE_INTEGER)).toBe('9999-12-31T23:59:59.999Z')
    expect(isoTime(Number.NEGATIVE_INFINITY)).toBe('0000-01-01T00:00:00.000Z')
    expect(isoTime(Number.NaN)).toBe(UNKNOWN_TIME)
  })

  test.each<[unknown]>([
    ['2026-01-31 12:00:00'],
    ['2026-01-31T12:00:00Z'],
    ['2026-01-31T12:00:00.000'],
    ['2026-01-31T12:00:00.000+01:00'],
    ['2026-02-30T12:00:00.000Z'],
    ['2026-01-31T24:00:00.000Z'],
    ['+010000-01-01T00:00:00Z'],
    ['yesterday, some time ago'],
    [1_769_860_800_000],
    [new Date(0)],
    [null],
    [undefined],
  ])('is refused as %j', (value) => {
    const message = 'Expected expiresAt to be a time such as 2026-01-31T12:00:00.000Z, got '
    expect(() => checkTime(value, 'expiresAt')).toThrow(message)
  })
})
