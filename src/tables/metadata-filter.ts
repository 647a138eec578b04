/**
 * The operators of a filter of metadata, with their SQL over `found` and `wanted`, and `found_type` and `wanted_type`, the types of their
 * JSON; `found_type` is null where there is nothing.
 */
export const METADATA_OPERATORS = {
  $eq: 'found IS wanted AND found_type IS wanted_type',
  $ne: 'NOT (found IS wanted AND found_type IS wanted_type)',
  $gt: 'is_comparable AND found > wanted',
  $gte: 'is_comparable AND found >= wanted',
  $lt: 'is_comparable AND found < wanted',
  $lte: 'is_comparable AND found <= wanted',
  $in: 'EXISTS (SELECT 1 FROM json_each(wanted) AS one WHERE one.value IS found AND one.type IS found_type)',
  $nin: 'NOT EXISTS (SELECT 1 FROM json_each(wanted) AS one WHERE one.value IS found AND one.type IS found_type)',
  $exists: '(found_type IS NOT NULL) = wanted',
} as const

const HOLDS = `CASE op ${Object.entries(METADATA_OPERATORS)
  .map(([op, sql]) => `WHEN '${op}' THEN ${sql}`)
  .join(' ')} END`

/**
 * A condition that holds if the column `metadata` meets a filter: null, or a JSON list of
 * `[JSON path, other JSON path, operator, value]`. The other path counts where there is nothing at the first.
 * @param parameter `?6`
 */
export function metadataFits(parameter: string): string {
  return `(${parameter} IS NULL OR NOT EXISTS (
    SELECT 1 FROM (
      SELECT *, CASE
          WHEN found_type IN ('integer', 'real') THEN wanted_type IN ('integer', 'real')
          ELSE found_type IS 'text' AND wanted_type = 'text' END AS is_comparable FROM (
        SELECT value ->> 2 AS op, value ->> 3 AS wanted, json_type(value, '$[3]') AS wanted_type,
          coalesce(json_extract(metadata, value ->> 0), json_extract(metadata, value ->> 1)) AS found,
          coalesce(json_type(metadata, value ->> 0), json_type(metadata, value ->> 1)) AS found_type
        FROM json_each(${parameter}))
    ) WHERE NOT coalesce(${HOLDS}, 0)))`
}
