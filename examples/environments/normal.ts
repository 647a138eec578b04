import type { Random } from './environment.ts'

/** Draws from the standard normal distribution. Box & Muller (1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
