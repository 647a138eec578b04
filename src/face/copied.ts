import { DEEPEST } from '../algorithms/keys.ts'
import { StoreError } from '../errors.ts'
import type { Call } from './calls.ts'

/**
 * A copy of plain data as it is now: calls travel at the end of the tick, and a caller may change its objects before.
 * What is no plain data is left to the other side to refuse.
 */
export function copied<T>(value: T, within: readonly object[] = []): T {
  if (typeof value !== 'object' || value === null || within.includes(value)) return value
  const inner = [...within, value]
  if (Array.isArray(value)) return value.map((item) => copied(item as unknown, inner)) as T
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const copy: { [name: string]: unknown } = {}
  for (const [name, item] of Object.entries(value)) {
    // Assigned, this name would set the prototype.
    if (name === '__proto__') return value
    copy[name] = copied(item, inner)
  }
  return copy as T
}

/** Gives experiences their ids on this side, so that a call whose outcome is unknown can be sent again and learns once. */
export function identified(call: Call, newId: () => string): Call {
  const { on, method, args } = call
  const withId = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !('id' in value && value.id !== undefined)
      ? { ...value, id: newId() }
      : value
  if (on === 'agent' && (method === 'learn' || method === 'learnFromExecution')) {
    return { ...call, args: [withId(args[0])] }
  }
  if (on === 'agent' && method === 'learnMany' && Array.isArray(args[0])) {
    return { ...call, args: [args[0].map(withId)] }
  }
  if (on === 'experiences' && method === 'record') return { ...call, args: [args[0], withId(args[1])] }
  return call
}

/** Says of arguments that cannot travel which of them holds what, as the check at the other side would. */
export function uncloneable(args: readonly unknown[], cause: unknown): StoreError {
  const { name, type } = args.map((arg) => culprit(arg, 'an argument')).find((one) => one !== undefined) ?? {
    name: 'an argument',
    type: 'object',
  }
  return new StoreError('INVALID_ARGUMENT', `Expected ${name} to hold plain data, got a value of type ${type}`, {
    cause,
  })
}

/** The first function or symbol inside, under the name of the outermost field that holds it. */
function culprit(
  value: unknown,
  name: string,
  depth = 0,
): { readonly name: string; readonly type: string } | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return { name, type: typeof value }
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined
  for (const [field, item] of Object.entries(value)) {
    const inner = name === 'an argument' && !Array.isArray(value) ? field : name
    const found = culprit(item, inner, depth + 1)
    if (found) return found
  }
  return undefined
}
