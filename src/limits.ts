import { StoreError } from './errors.ts'

/** The limits of calls. Lengths are in characters; a number, a name of a property or an item counts a few. */
export const LIMITS = {
  /** All arguments of a call together. */
  callLength: 67_108_864,
  /** Items of a list that a call takes, such as the experiences of `learnMany`. */
  callRows: 100_000,
  /** An argument of a call that writes, or an item of its list: a state, an action, an experience, a value to remember, a pattern. */
  rowLength: 16_777_216,
  /** The id of an agent, an experience, a task or an episode; a key of the shared memory. */
  idLength: 4_096,
  /** The text of an SQL statement. */
  sqlLength: 1_000_000,
} as const

/** Deeper data is refused by the check that follows; the number bounds the walk through circular data. */
const DEEPEST_VISIT = 40

export function tooLarge(what: string, most: number, unit: string): StoreError {
  return new StoreError('TOO_LARGE', `Expected ${what} of at most ${most} ${unit}; make it smaller, or split it`)
}

/** Checks the size of a value, and stops at the first part that is too much. Writes no JSON. @throws TOO_LARGE */
export function checkSize(value: unknown, what: string, most: number = LIMITS.rowLength): number {
  let left = most
  const visit = (at: unknown, depth: number): void => {
    left -= typeof at === 'string' ? at.length : ArrayBuffer.isView(at) ? at.byteLength : 4
    if (left < 0) throw tooLarge(what, most, 'characters')
    if (depth > DEEPEST_VISIT || typeof at !== 'object' || at === null || ArrayBuffer.isView(at)) return
    if (Array.isArray(at)) for (const item of at) visit(item, depth + 1)
    else
      for (const name in at) {
        left -= name.length
        visit(Reflect.get(at, name), depth + 1)
      }
  }
  visit(value, 0)
  return most - left
}

/** Checks the arguments of a call before they are copied. @throws TOO_LARGE */
export function checkCall(args: readonly unknown[], isReading: boolean): void {
  let length = 0
  for (const argument of args) {
    const rows: readonly unknown[] = Array.isArray(argument) ? argument : [argument]
    if (rows.length > LIMITS.callRows) throw tooLarge('a call', LIMITS.callRows, 'rows')
    for (const row of rows) {
      length += checkSize(row, isReading ? 'a call' : 'a row', isReading ? LIMITS.callLength : LIMITS.rowLength)
      if (length > LIMITS.callLength) throw tooLarge('a call', LIMITS.callLength, 'characters')
    }
  }
}
