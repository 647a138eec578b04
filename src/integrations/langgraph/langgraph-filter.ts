/** What a filter may ask of a field besides being equal to something. */
const OPERATORS: { readonly [name: string]: (value: unknown, asked: unknown) => boolean } = {
  $eq: (value, asked) => value === asked,
  $ne: (value, asked) => value !== asked,
  $gt: (value, asked) => Number(value) > Number(asked),
  $gte: (value, asked) => Number(value) >= Number(asked),
  $lt: (value, asked) => Number(value) < Number(asked),
  $lte: (value, asked) => Number(value) <= Number(asked),
  $in: (value, asked) => Array.isArray(asked) && asked.includes(value),
  $nin: (value, asked) => !Array.isArray(asked) || !asked.includes(value),
}

/**
 * Whether each field has the value that is asked for, or fulfils all operators of an object that consists of these.
 * Comparisons convert to numbers, as those of LangGraph's InMemoryStore do.
 */
export function matchesFilter(value: { readonly [field: string]: unknown }, filter: object = {}): boolean {
  return Object.entries(filter).every(([field, asked]) => matches(value[field], asked))
}

function matches(value: unknown, asked: unknown): boolean {
  if (typeof asked !== 'object' || asked === null) return value === asked
  const operators = Object.entries(asked)
  return operators.every(([name, operand]) => Object.hasOwn(OPERATORS, name) && OPERATORS[name]?.(value, operand))
}
