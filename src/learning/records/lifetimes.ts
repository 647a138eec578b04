import { checkCount, checkNumber } from '../../checks.ts'

/** How long things live unless told otherwise, in seconds; 0 stands for ever. As in agentic-qe's swarm memory. */
export const DEFAULT_LIFETIMES = {
  artifacts: 0,
  shared: 1800,
  patterns: 604_800,
  events: 2_592_000,
  workflow: 0,
  consensus: 604_800,
} as const

/** 317 years, so that every moment is an exact integer and a date of four digits. */
const LONGEST = 1e10

/** A lifetime in seconds; 0 stands for ever. @throws INVALID_ARGUMENT */
export function checkLifetime(value: unknown, what: string): number {
  return checkNumber(checkCount(value, what, 0), what, 0, LONGEST)
}

/** When something ends that lives so many seconds from now on, in ms since the epoch; null stands for never. */
export function expiryOf(ttl: number, now: number): number | null {
  return ttl === 0 ? null : now + ttl * 1000
}
