/** The maximum depth of plain data, in levels. */
export const DEEPEST = 32

/** Describes a value for error messages: `a Date`. */
export function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object without prototype'}`
  return `a value of type ${typeof value}`
}
