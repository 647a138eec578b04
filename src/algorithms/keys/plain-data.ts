/** How many levels plain data may have. */
export const DEEPEST = 32

/** What a value is, for people: `a Date`. */
export function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object without prototype'}`
  return `a value of type ${typeof value}`
}
