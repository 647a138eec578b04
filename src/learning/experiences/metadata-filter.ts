import { checkBoolean, checkList, checkObject, checkOneOf, invalid } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { METADATA_OPERATORS } from '../../tables/metadata-filter.ts'
import { toJson } from '../core/experience.ts'

/** Conditions on a value of metadata; all must hold. Numbers compare with numbers, texts with texts. */
export interface MetadataConditions {
  /** Equal to this. */
  readonly $eq?: JsonValue
  /** Different from this, or missing. */
  readonly $ne?: JsonValue
  /** Greater than this. */
  readonly $gt?: number | string
  /** At least this. */
  readonly $gte?: number | string
  /** Less than this. */
  readonly $lt?: number | string
  /** At most this. */
  readonly $lte?: number | string
  /** One of these. */
  readonly $in?: readonly JsonValue[]
  /** None of these, or missing. */
  readonly $nin?: readonly JsonValue[]
  /** Whether there is a value. */
  readonly $exists?: boolean
}

/**
 * The values that metadata must have, by path: `model`, `usage.tokens`, `tags[0]`. A name with dots, such as `gen_ai.request.model`, is
 * found as well. A value is compared for equality, an object of conditions by these.
 */
export interface MetadataFilter {
  readonly [path: string]: JsonValue | MetadataConditions
}

type Operator = keyof typeof METADATA_OPERATORS

const OPERATORS = Object.keys(METADATA_OPERATORS) as Operator[]

/** @returns the filter as `metadataFits` takes it. @throws INVALID_ARGUMENT */
export function checkMetadataFilter(filter: MetadataFilter): string {
  const conditions = Object.entries(checkObject(filter, 'metadata')).flatMap(([path, condition]) => {
    const paths = [pathOf([path]), pathOf(path.split('.'))]
    return operandsOf(condition as JsonValue, path).map(([operator, operand]) => [...paths, operator, operand])
  })
  return toJson(conditions as JsonValue)
}

function operandsOf(condition: JsonValue, path: string): [operator: Operator, operand: JsonValue][] {
  const entries = typeof condition === 'object' && condition !== null ? Object.entries(condition) : []
  if (entries.length === 0 || entries.every(([name]) => !name.startsWith('$'))) return [['$eq', condition]]
  return entries.map(([name, operand]) => {
    const operator = checkOneOf(name, `the operator of metadata ${path}`, OPERATORS)
    return [operator, checkOperand(operator, operand as JsonValue, `${operator} of metadata ${path}`)]
  })
}

function checkOperand(operator: Operator, operand: JsonValue, what: string): JsonValue {
  if (operator === '$exists') return checkBoolean(operand, what)
  if (operator === '$in' || operator === '$nin') return checkList(operand, what) as readonly JsonValue[]
  if (operator === '$eq' || operator === '$ne') return operand
  if (typeof operand === 'string' || (typeof operand === 'number' && !Number.isNaN(operand))) return operand
  throw invalid(what, 'a number or a text', operand)
}

/** The path in SQLite's syntax. @throws INVALID_ARGUMENT */
function pathOf(names: readonly string[]): string {
  const steps = names.map((name) => {
    const [, label = '', indices = ''] = /^(.*?)((?:\[\d+\])*)$/s.exec(name) ?? []
    if (label === '' || label.includes('"') || label.includes('\0')) {
      throw invalid('a path of metadata', 'names without quotes, joined by dots', names.join('.'))
    }
    return `."${label}"${indices}`
  })
  return `$${steps.join('')}`
}
