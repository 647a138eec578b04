import { checkCount, checkNumber } from '../../checks.ts'
import { isoTime, msOfTime } from '../../times.ts'

/** The default lifetimes of agentic-qe's swarm memory, in ms; 0 is for ever. */
export const DEFAULT_LIFETIMES = {
  artifacts: 0,
  shared: 1_800_000,
  patterns: 604_800_000,
  events: 2_592_000_000,
  workflow: 0,
  consensus: 604_800_000,
} as const

/** 317 years, so that the end of a lifetime is an exact integer and a date with a year of four digits. */
const LONGEST_MS = 1e13

/** A lifetime in ms; 0 is for ever. @throws INVALID_ARGUMENT */
export function checkLifetime(value: unknown, what: string): number {
  return checkNumber(checkCount(value, what, 0), what, 0, LONGEST_MS)
}

/** The end of a lifetime that begins at this time; null if it does not end. */
export function expiryOf(ttlMs: number, from: string): string | null {
  return ttlMs === 0 ? null : isoTime(msOfTime(from) + ttlMs)
}
