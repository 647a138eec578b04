import { checkOptions, invalid } from '../checks.ts'

/** An object with no other names than these, and nothing that was meant to be one of them. @throws INVALID_ARGUMENT */
export function checkStorageOptions<T extends object>(options: T, of: string, names: readonly (keyof T & string)[]): T {
  const what = `the options of ${of}`
  // Bytes, a promise or a map have no names that could be refused.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw invalid(what, `an object with ${names.join(', ')}`, options)
  }
  return checkOptions(options, what, names)
}

/** What can do all that a storage needs of it. @throws INVALID_ARGUMENT */
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

/** Each a function, where it is given. @throws INVALID_ARGUMENT */
export function checkCallbacks(callbacks: { readonly [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(callbacks)) {
    if (value !== undefined && typeof value !== 'function') throw invalid(name, 'a function', value)
  }
}

/** The name of a store that keys begin with: what every storage takes, and nothing that separates keys in one of them. */
export function checkKeyName(name: unknown): string {
  if (typeof name === 'string' && /^[\w-]+$/.test(name)) return name
  throw invalid('the name of a store', 'letters, digits, "_" and "-"', name)
}
