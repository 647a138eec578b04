import type { JsonOperators } from '../algorithms/json-filter.ts'

/** An operator of a condition on metadata. */
export type MetadataOperator = keyof JsonOperators | '$isObject'

/**
 * The operators of a filter of JSON data, with their SQL over `found` and `wanted`, the types of their JSON (`found_type` is null where
 * there is nothing), and the numbers that they are (null for what is none).
 */
const OPERATORS: { readonly [O in MetadataOperator]: string } = {
  $eq: 'found IS wanted AND found_type IS wanted_type',
  $ne: 'NOT (found IS wanted AND found_type IS wanted_type)',
  $gt: compared('>'),
  $gte: compared('>='),
  $lt: compared('<'),
  $lte: compared('<='),
  $in: 'EXISTS (SELECT 1 FROM json_each(wanted) AS one WHERE one.value IS found AND one.type IS found_type)',
  $nin: 'NOT EXISTS (SELECT 1 FROM json_each(wanted) AS one WHERE one.value IS found AND one.type IS found_type)',
  $exists: '(found_type IS NOT NULL) = wanted',
  /** For an empty filter of the fields below. */
  $isObject: "found_type IS 'object'",
}

/** A condition on metadata: the SQLite paths of which the first with a value counts, an operator and its operand. */
export type MetadataCondition = readonly [paths: readonly string[], operator: MetadataOperator, operand: unknown]

const HOLDS = `CASE op ${Object.entries(OPERATORS)
  .map(([op, sql]) => `WHEN '${op}' THEN ${sql}`)
  .join(' ')} END`

/**
 * A condition that holds if the column `metadata` meets a filter: null, or a JSON list of `MetadataCondition`.
 * @param parameter `?6`
 */
export function metadataFits(parameter: string): string {
  return `(${parameter} IS NULL OR NOT EXISTS (
    SELECT 1 FROM (
      SELECT *, ${numberOf('found')} AS found_number, ${numberOf('wanted')} AS wanted_number FROM (
        SELECT op, wanted, wanted_type, json_extract(metadata, path) AS found, json_type(metadata, path) AS found_type FROM (
          SELECT value ->> 1 AS op, value ->> 2 AS wanted, json_type(value, '$[2]') AS wanted_type,
            coalesce((SELECT one.value FROM json_each(json_extract(condition.value, '$[0]')) AS one
              WHERE json_type(metadata, one.value) IS NOT NULL ORDER BY one.key LIMIT 1), '$[0]') AS path
          FROM json_each(${parameter}) AS condition)
      )
    ) WHERE NOT coalesce(${HOLDS}, 0)))`
}

/** A text of a number in JSON counts as this number. */
function numberOf(name: 'found' | 'wanted'): string {
  return `CASE WHEN ${name}_type IN ('integer', 'real') THEN ${name}
    WHEN ${name}_type = 'text' AND json_valid(trim(${name})) AND json_type(trim(${name})) IN ('integer', 'real')
      THEN CAST(trim(${name}) AS REAL) END`
}

function compared(operator: '>' | '>=' | '<' | '<='): string {
  return `coalesce(found_number ${operator} wanted_number,
    found_type IS 'text' AND wanted_type = 'text' AND found ${operator} wanted)`
}
