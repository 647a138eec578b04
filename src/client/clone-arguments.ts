import { DEEPEST, describe } from '../algorithms/keys/plain-data.ts'
import { StoreError, type StoreErrorCode } from '../errors.ts'
import type { Call } from '../protocol/calls.ts'

/** Arguments hold lists of experiences, which hold states, so they may be a little deeper than a state. */
const MAX_DEPTH = DEEPEST + 4

/**
 * Copies plain data: calls are sent at the end of the tick, and the caller may change its objects before. Refuses what
 * would not arrive unchanged.
 * @throws INVALID_ARGUMENT
 */
export function clonePlain<T>(value: T, name: string = 'an argument', depth: number = 0): T {
  if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(name, describe(value))
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw notPlain(name, 'deeper or circular data', 'TOO_LARGE')
  if (Array.isArray(value)) return value.map((item: unknown) => clonePlain(item, name, depth + 1)) as T
  if (ArrayBuffer.isView(value)) return structuredClone(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw notPlain(name, describe(value))
  // Errors name the outermost field, as the check on the other side would.
  const nameOf = (field: string): string => (name === 'an argument' ? field : name)
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [field, clonePlain(item as unknown, nameOf(field), depth + 1)]),
  ) as T
}

/**
 * Sets the ids of experiences and decisions on this side, so that a call with an unknown outcome can be sent again and has one effect.
 */
export function withExperienceIds(call: Call, newId: () => string): Call {
  const { on, method, args } = call
  const withId = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('id' in value && value.id !== undefined)
      ? { ...value, id: newId() }
      : value
  if (on === 'agent' && (method === 'learn' || method === 'learnFromExecution')) {
    return { ...call, args: [withId(args[0])] }
  }
  if (on === 'agent' && method === 'decide') return { ...call, args: [args[0], withId(args[1] ?? {})] }
  if (on === 'agent' && method === 'learnMany' && Array.isArray(args[0])) {
    return { ...call, args: [args[0].map(withId)] }
  }
  if (on === 'agent.experiences' && method === 'add') return { ...call, args: [withId(args[0])] }
  if (on === 'experiences' && method === 'add') return { ...call, args: [args[0], withId(args[1])] }
  return call
}

function notPlain(name: string, got: string, code: StoreErrorCode = 'INVALID_ARGUMENT'): StoreError {
  return new StoreError(code, `Expected ${name} to hold plain data, got ${got}`)
}
