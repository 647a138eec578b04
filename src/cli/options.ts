import { InvalidArgumentError } from 'commander'
import { PATTERN_TYPES, TEST_FRAMEWORKS } from '../learning/test-patterns/test-pattern.ts'
import type { OptionSpec } from './command.ts'
import { Failure } from './failure.ts'

/** Parses a whole number in decimal digits. */
export function count(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('Expected a whole number.')
  return number
}

/** Parses a number from 0 to 1. */
export function fraction(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.')
  return number
}

/** @throws USAGE if the value is none of these */
export function oneOf<T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value)
  if (found !== undefined) return found
  throw new Failure('USAGE', `Expected ${option} to be one of ${values.join(', ')}, got "${value}"`)
}

const DEFAULT_STORAGE =
  '$LEARNING_STORE, file:$AQE_DB_PATH, .agentic-qe/memory.db if it is a learning store, or .learning-store/learning.db'

export const AGENT: OptionSpec = ['--agent <id>', 'id of an agent, or a type to select all agents of that type']
export const LIMIT: OptionSpec = ['--limit <count>', 'maximum number of rows', count]
export const FRAMEWORK: OptionSpec = ['--framework <name>', `framework of test patterns: ${TEST_FRAMEWORKS.join(', ')}`]
export const TYPE: OptionSpec = ['--type <name>', `type of test patterns: ${PATTERN_TYPES.join(', ')}`]
export const CONFIRM: OptionSpec = ['--confirm', 'do not ask for confirmation']
export const OUTPUT: OptionSpec = ['--output <file>', 'write to this file instead of standard output']
export const FORCE: OptionSpec = ['--force', 'overwrite an existing file']
export const MKDIR: OptionSpec = ['--mkdir', 'create the missing folders of --output without asking']

/** The options of every command; they may also stand before the command. */
export const COMMON: readonly OptionSpec[] = [
  ['--storage <storage>', `store to use, file:PATH (default: ${DEFAULT_STORAGE})`],
  ['--wait <ms>', 'time to wait for a store that another process has open (default: 2000)', count],
  [
    '--key-file <file>',
    'file with the passphrase of an encrypted store in its first line (default: $LEARNING_STORE_KEY)',
  ],
  ['--json', 'print one JSON document, and errors as JSON to standard error'],
]
