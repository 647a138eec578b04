/** The operators of a filter. */
const OPERATORS: { readonly [name: string]: (value: unknown, expected: unknown) => boolean } = {
  $eq: (value, expected) => value === expected,
  $ne: (value, expected) => value !== expected,
  $gt: (value, expected) => Number(value) > Number(expected),
  $gte: (value, expected) => Number(value) >= Number(expected),
  $lt: (value, expected) => Number(value) < Number(expected),
  $lte: (value, expected) => Number(value) <= Number(expected),
  $in: (value, expected) => Array.isArray(expected) && expected.includes(value),
  $nin: (value, expected) => !Array.isArray(expected) || !expected.includes(value),
}

/**
 * Whether each field equals its value in the filter, or satisfies all operators there. Comparisons convert to numbers, as those of
 * LangGraph's InMemoryStore do.
 */
export function matchesFilter(value: { readonly [field: string]: unknown }, filter: object = {}): boolean {
  return Object.entries(filter).every(([field, expected]) => matches(value[field], expected))
}

function matches(value: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return value === expected
  const operators = Object.entries(expected)
  return operators.every(([name, operand]) => Object.hasOwn(OPERATORS, name) && OPERATORS[name]?.(value, operand))
}
