import { checkOptions, invalid } from '../checks.ts'

/**
 * Checks that an options object has no unknown names.
 * @throws INVALID_ARGUMENT
 */
export function checkStorageOptions<T extends object>(options: T, of: string, names: readonly (keyof T & string)[]): T {
  const what = `the options of ${of}`
  // Bytes, a promise or a map have no own names that could be refused.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw invalid(what, `an object with ${names.join(', ')}`, options)
  }
  return checkOptions(options, what, names)
}

/**
 * Checks that an object has the methods that a storage calls.
 * @throws INVALID_ARGUMENT
 */
export function checkMethods<T extends object>(
  value: T,
  of: string,
  expected: string,
  names: readonly (keyof T & string)[],
): T {
  const given: Partial<Record<keyof T, unknown>> | null | undefined = value
  for (const name of names) {
    if (typeof given?.[name] !== 'function') throw invalid(`the argument of ${of}`, `${expected}, with ${name}`, value)
  }
  return value
}

/**
 * Checks the name that a store's keys begin with: characters that every storage accepts and that no storage uses as a
 * separator.
 * @throws INVALID_ARGUMENT
 */
export function checkKeyName(name: unknown): string {
  if (typeof name === 'string' && /^[\w-]+$/.test(name)) return name
  throw invalid('the name of a store', 'letters, digits, "_" and "-"', name)
}
