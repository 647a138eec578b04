import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkFinite } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ImportedValue } from '../../learning/maintenance/import-batch.ts'
import type { Progress } from '../../learning/progress.ts'
import { checkRecord } from '../fields.ts'

/** The differences between formats of Q-tables. */
export interface QTableFormat {
  readonly agentId: string
  /** Parses the name of a state or an action. */
  readonly parseName: (text: string) => JsonValue
  /** The name in a row that holds metadata instead of a value. */
  readonly meta?: string
  /** Returns the visits of an action. @param actions number of actions of the state. */
  readonly visitsOf: (state: string, action: string, actions: number) => number
  /** Returns when the values of a state were last updated, as a DATETIME column has it; null if unknown. Default: unknown. */
  readonly lastUpdatedOf?: (state: string) => string | null
}

/** Reads a table of values by state and action. @throws INVALID_ARGUMENT, also if two names mean the same state and action. */
export function* readQTable(
  table: unknown,
  path: string,
  { agentId, parseName, meta, visitsOf, lastUpdatedOf }: QTableFormat,
): Generator<Progress, ImportedValue[]> {
  const values: ImportedValue[] = []
  const keys = new Set<string>()
  const rows = Object.entries(checkRecord(table, path))
  for (const [i, [stateText, row]] of rows.entries()) {
    if (i % 1000 === 0) yield { what: 'states', done: i, total: rows.length }
    const inState = `${path}[${short(stateText)}]`
    const actions = Object.entries(checkRecord(row, inState)).filter(([name]) => name !== meta)
    const state = parseName(stateText)
    const stateKey = keyOf(state, `${inState}, a name,`)
    for (const [actionText, value] of actions) {
      const where = `${inState}[${short(actionText)}]`
      const action = parseName(actionText)
      const key = `${stateKey}\0${keyOf(action, `${where}, a name,`)}`
      if (keys.has(key)) {
        throw new StoreError('INVALID_ARGUMENT', `Expected ${where} to name an action once, got two names for it`)
      }
      keys.add(key)
      const visits = visitsOf(stateText, actionText, actions.length)
      const updated = lastUpdatedOf && { lastUpdated: lastUpdatedOf(stateText) }
      values.push({ agentId, state, action, value: checkFinite(value, where) || 0, visits, ...updated })
    }
  }
  return values
}

function short(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
