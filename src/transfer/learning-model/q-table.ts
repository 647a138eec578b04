import { keyOf } from '../../algorithms/keys/keys.ts'
import { checkFinite } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { ImportedValue } from '../../learning/maintenance/import-batch.ts'
import { checkRecord } from '../fields.ts'
import type { ReadProgress } from '../reading.ts'

/** What the formats differ in. */
export interface QTableFormat {
  readonly agentId: string
  /** What a text of the table stands for. */
  readonly meaningOf: (text: string) => JsonValue
  /** The name in a state's record that holds no value, if there is one. */
  readonly meta?: string
  readonly visitsOf: (state: string, action: string, actions: number) => number
}

/** The values of a table state -> action -> value. @throws INVALID_ARGUMENT, also where two names mean one state. */
export function* readQTable(
  told: unknown,
  path: string,
  { agentId, meaningOf, meta, visitsOf }: QTableFormat,
): Generator<ReadProgress, ImportedValue[]> {
  const values: ImportedValue[] = []
  const keys = new Set<string>()
  const rows = Object.entries(checkRecord(told, path))
  for (const [i, [stateText, row]] of rows.entries()) {
    if (i % 1000 === 0) yield { what: 'states', done: i, total: rows.length }
    const inState = `${path}[${short(stateText)}]`
    const actions = Object.entries(checkRecord(row, inState)).filter(([name]) => name !== meta)
    const state = meaningOf(stateText)
    const stateKey = keyOf(state, `${inState}, a name,`)
    for (const [actionText, told] of actions) {
      const where = `${inState}[${short(actionText)}]`
      const action = meaningOf(actionText)
      const key = `${stateKey}\0${keyOf(action, `${where}, a name,`)}`
      if (keys.has(key)) {
        throw new StoreError('INVALID_ARGUMENT', `Expected ${where} to be told once, got it twice in other words`)
      }
      keys.add(key)
      const visits = visitsOf(stateText, actionText, actions.length)
      values.push({ agentId, state, action, value: checkFinite(told, where) || 0, visits })
    }
  }
  return values
}

function short(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
