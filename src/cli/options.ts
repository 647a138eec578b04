import { InvalidArgumentError } from 'commander'
import type { OptionSpec } from './command.ts'
import { Failure } from './failure.ts'

/** A whole number, in decimal digits and nothing else. */
export function count(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Expected a whole number.')
  return number
}

/** A number from 0 to 1. */
export function share(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.')
  return number
}

/** @throws USAGE for a word that is none of these. */
export function oneOf<T extends string>(option: string, word: string, words: readonly T[]): T {
  const found = words.find((one) => one === word)
  if (found !== undefined) return found
  throw new Failure('USAGE', `Expected ${option} to be one of ${words.join(', ')}, got "${word}"`)
}

export const AGENT: OptionSpec = ['--agent <id>', 'an agent, or a type of agents and then all of that type']
export const LIMIT: OptionSpec = ['--limit <count>', 'at most so many', count]
export const FRAMEWORK: OptionSpec = ['--framework <name>', 'of test patterns: jest, vitest, playwright, ...']
export const TYPE: OptionSpec = ['--type <name>', 'of test patterns: unit, integration, edge-case, ...']
export const CONFIRM: OptionSpec = ['--confirm', 'do it without asking']
export const OUTPUT: OptionSpec = ['--output <file>', 'write to this file instead of the standard output']
export const FORCE: OptionSpec = ['--force', 'overwrite the file where it is there']

/** What every command takes. */
export const COMMON: readonly OptionSpec[] = [
  ['--storage <storage>', 'where the store is: file:PATH (default: $AQE_DB_PATH, else .agentic-qe/memory.db)'],
  ['--wait <ms>', 'how long to wait while another process has the store open', count],
  ['--json', 'print one JSON document; errors as JSON on the standard error'],
]
