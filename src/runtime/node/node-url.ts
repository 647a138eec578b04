import { pathToFileURL } from 'node:url'
import { invalid } from '../../checks.ts'

/** Not any scheme: `C:\` would be one too. */
const SCHEME = /^(file|data|https?):/i

/** A URL, also of a path, which is relative to the working directory. @throws INVALID_ARGUMENT */
export function nodeUrl(value: string | URL, name: string): URL {
  if (value instanceof URL) return value
  if (typeof value !== 'string' || value === '') throw invalid(name, 'a path or a URL', value)
  if (!SCHEME.test(value)) return pathToFileURL(value)
  try {
    return new URL(value)
  } catch {
    throw invalid(name, 'a path or a URL', value)
  }
}
