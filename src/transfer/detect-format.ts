import { isOurs } from '../sql/check.ts'
import { declaredTables } from '../sql/schema-texts.ts'
import { isAgentDb } from './agentdb/learning.ts'
import { agenticQeFileOf } from './agentic-qe/file-kind.ts'
import { isClaudeFlow } from './claude-flow/read.ts'
import { csvTable } from './csv/table.ts'
import { EXPERIENCE_COLUMNS } from './csv/write.ts'
import type { ImportFormat } from './job.ts'
import { decoded, encodingOf } from './text.ts'

/** A detected format. SQLite files are told apart later, by their header and tables. */
export type SourceFormat =
  | 'sqlite'
  | 'learning-model-state'
  | 'ruvector-qtable'
  | 'ruvector-trajectories'
  | 'ruvector-intelligence'
  | 'json-lines'
  | 'csv'
  | 'vowpal-wabbit'

const LINE_FEED = 10
/** The fields of one of RuVector's trajectories. */
const EVENT = ['state', 'action', 'reward']
/** Tells spreadsheets the delimiter of the CSV below it. */
const SEPARATOR_LINE = /^sep=.?$/im
/** A line of Vowpal Wabbit with an action, a cost and a probability before its features, unlike the time of day before a message of a log. */
const BANDIT_LINE =
  /^(?:shared\s+\||[\w-]+:-?[\d.]+(?:e[+-]?\d+)?:(?:1(?:\.0*)?|0?\.\d+|\d(?:\.\d+)?e-\d+)(?:\s[^|]*)?\|)/i
const SQLITE = 'SQLite format 3\0'

/**
 * Detects the format of a source by its content, or by the ending of its name (`.jsonl`, `.ndjson`, `.csv`, `.tsv`, `.vw`) if the content is
 * inconclusive, as that of an empty or broken file. Returns undefined for an unknown format.
 */
export function formatOf(bytes: Uint8Array, name: string = ''): SourceFormat | undefined {
  if (SQLITE === String.fromCharCode(...bytes.subarray(0, SQLITE.length))) return 'sqlite'
  const firstLine = firstLineOf(bytes)
  const found =
    formatOfLine(parsed(firstLine)) ?? (/^[{[]/.test(firstLine) ? formatOfFile(parsed(decoded(bytes))) : undefined)
  if (found) return found
  if (BANDIT_LINE.test(firstLine)) return 'vowpal-wabbit'
  const ending = /\.(jsonl|ndjson|csv|tsv|vw)$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === 'csv' || ending === 'tsv' || isHead(firstLine)) return 'csv'
  if (ending === 'vw') return 'vowpal-wabbit'
  return ending === undefined ? undefined : 'json-lines'
}

/** The format in which `importFile` reads a source, detected as `formatOf` does; undefined for an unknown format. */
export function importFormatOf(bytes: Uint8Array, name?: string): ImportFormat | undefined {
  const found = formatOf(bytes, name)
  if (found !== 'sqlite') return found
  return isOurs(bytes) ? 'learning-store' : databaseFormatOf(bytes)
}

/** The format of a database of another program; `agentic-qe` for one whose schema cannot be read, which its reader reports. */
function databaseFormatOf(bytes: Uint8Array): ImportFormat | undefined {
  const tables = declaredTables(bytes)
  if (tables === undefined || agenticQeFileOf(tables)) return 'agentic-qe'
  if (isClaudeFlow(tables)) return 'claude-flow'
  return isAgentDb(tables) ? 'agentdb' : undefined
}

/** The first line that is not blank, and not one for spreadsheets. */
function firstLineOf(bytes: Uint8Array): string {
  // Two bytes for a character: not to be searched for a line feed.
  if (encodingOf(bytes) !== 'utf-8') return decoded(bytes).replace(SEPARATOR_LINE, '').trim().split('\n', 1)[0] ?? ''
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    const line = decoded(bytes.subarray(start, end)).trim()
    if (line !== '' && !SEPARATOR_LINE.test(line)) return line
    start = end + 1
  }
  return ''
}

/** The format of a file by its first line: all lines have the same format. */
function formatOfLine(value: unknown): SourceFormat | undefined {
  if (hasAll(value, ['observations', 'actions'])) return 'json-lines'
  if (hasAll(value, ['id', ...EVENT])) return 'ruvector-trajectories'
  return formatOfFile(value)
}

function formatOfFile(value: unknown): SourceFormat | undefined {
  if (hasAll(value, ['agentId', 'qTable'])) return 'learning-model-state'
  if (Array.isArray(value)) return hasAll(value[0], EVENT) ? 'ruvector-trajectories' : undefined
  if (isIntelligence(value)) return 'ruvector-intelligence'
  const rows = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : []
  const isTable = rows.length > 0 && rows.every(isRow)
  return isTable ? 'ruvector-qtable' : undefined
}

/** Whether a value is RuVector's intelligence: a list of trajectories or memories beside patterns. */
function isIntelligence(value: unknown): boolean {
  if (!hasAll(value, ['patterns'])) return false
  const { trajectories, memories } = value as { readonly [name: string]: unknown }
  return Array.isArray(trajectories) || Array.isArray(memories)
}

/** A row of RuVector's Q-table: numbers by action, and metadata in `_meta`. */
function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([name, inner]) => name === '_meta' || typeof inner === 'number')
}

function isHead(line: string): boolean {
  try {
    const { header = [] } = csvTable(line, EXPERIENCE_COLUMNS) ?? {}
    return ['state', 'action', 'reward'].every((name) => header.includes(name))
  } catch {
    return false
  }
}

function hasAll(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
