import { StoreError } from '../errors.ts'

/** The name of a store that keys begin with: what every storage takes, and nothing that separates keys in one of them. */
export function checkKeyName(name: string): string {
  if (/^[\w-]+$/.test(name)) return name
  const expected = 'Expected the name of a store to consist of letters, digits, "_" and "-"'
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got ${JSON.stringify(name)}`)
}
