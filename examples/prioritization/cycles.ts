import { parse } from 'csv-parse/sync'

/** 1: the test failed. */
export type Verdict = 0 | 1

/** A test as it is known before it runs. */
export interface VisibleTest {
  readonly name: string
  /** The duration of the test, in the unit of the log. */
  readonly duration: number
  readonly lastRun: string
  /** Most recent first. */
  readonly lastResults: readonly Verdict[]
  /** Whether the cycle has several entries of this name. */
  readonly isRepeated: boolean
  /** Compared with the median duration of the cycle. */
  readonly pace: Pace
}

/** Up to the median duration, up to four times as long, or longer. */
export type Pace = 'short' | 'long' | 'longest'

/** A cycle of continuous integration. A name may occur several times: each entry is a separate execution. */
export interface Cycle {
  readonly number: number
  readonly tests: readonly VisibleTest[]
  /** The result of each test. */
  readonly verdicts: ReadonlyMap<VisibleTest, Verdict>
}

/** An invalid log. The message is one line. */
export class InvalidLog extends Error {}

export const COLUMNS = ['Id', 'Name', 'Duration', 'CalcPrio', 'LastRun', 'LastResults', 'Verdict', 'Cycle'] as const

/** A test without what other rows of its cycle say. */
type Entry = Omit<VisibleTest, 'isRepeated' | 'pace'>

type Row = { readonly [column in (typeof COLUMNS)[number]]: string }

/** A note for users of a log without results of earlier runs. */
export const OWN_RESULTS = 'LastResults is empty in every row: results come from earlier cycles of the log.'

/** Reads a log in the format of RETECS (Spieker et al., ISSTA 2017): cycles by number, tests in file order. @throws InvalidLog */
export function readCycles(csv: string): Cycle[] {
  const executions = rowsOf(csv).map((row, i) => executionOf(row, `row ${i + 1}`))
  if (!executions.some(({ verdict }) => verdict === 1)) {
    throw new InvalidLog(`Expected at least one failed test, got ${executions.length} test executions without one`)
  }
  const byNumber = new Map<number, [Entry, Verdict][]>()
  for (const { number, test, verdict } of executions) {
    const entries = byNumber.get(number) ?? []
    byNumber.set(number, entries)
    entries.push([test, verdict])
  }
  return Array.from(byNumber, ([number, entries]) => cycleOf(number, entries)).sort((a, b) => a.number - b.number)
}

function cycleOf(number: number, entries: readonly (readonly [Entry, Verdict])[]): Cycle {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const [{ name }] of entries) (seen.has(name) ? repeated : seen).add(name)
  const durations = entries.map(([{ duration }]) => duration).sort((a, b) => a - b)
  const median = durations[Math.floor(durations.length / 2)] ?? 0
  const visible = (test: Entry): VisibleTest => {
    return { ...test, isRepeated: repeated.has(test.name), pace: paceOf(test.duration, median) }
  }
  const all = entries.map(([test, verdict]) => [visible(test), verdict] as const)
  return { number, tests: all.map(([test]) => test), verdicts: new Map(all) }
}

function paceOf(duration: number, median: number): Pace {
  return duration <= median ? 'short' : duration <= 4 * median ? 'long' : 'longest'
}

/** Whether the log has results of earlier runs. */
export function hasLastResults(cycles: readonly Cycle[]): boolean {
  return cycles.some(({ tests }) => tests.some(({ lastResults }) => lastResults.length > 0))
}

/** The same log with the results of its own earlier cycles, the latest first. For a log without results of earlier runs. */
export function withOwnResults(cycles: readonly Cycle[]): Cycle[] {
  const results = new Map<string, readonly Verdict[]>()
  return cycles.map(({ number, verdicts }) => {
    const all = [...verdicts].map(([test, verdict]) => {
      return [{ ...test, lastResults: results.get(test.name) ?? [] }, verdict] as const
    })
    for (const [{ name }, verdict] of all) results.set(name, [verdict, ...(results.get(name) ?? [])])
    return { number, tests: all.map(([test]) => test), verdicts: new Map(all) }
  })
}

function rowsOf(csv: string): Row[] {
  try {
    return parse<Row>(csv, { delimiter: ';', bom: true, trim: true, skip_empty_lines: true, columns: checkColumns })
  } catch (error) {
    if (error instanceof InvalidLog || !(error instanceof Error)) throw error
    throw new InvalidLog(`Expected lines of values separated by ";": ${error.message}`, { cause: error })
  }
}

function checkColumns(found: string[]): string[] {
  const missing = COLUMNS.filter((column) => !found.includes(column))
  if (missing.length === 0) return found
  throw new InvalidLog(`Expected the columns ${COLUMNS.join(';')}, got a file without ${missing.join(', ')}`)
}

function executionOf(row: Row, where: string): { number: number; test: Entry; verdict: Verdict } {
  const { Name: name, LastRun: lastRun } = row
  const refuse = (column: keyof Row, expected: string): never => {
    throw new InvalidLog(`Expected ${column} in ${where} to be ${expected}, got "${row[column]}"`)
  }
  const numberIn = (column: keyof Row): number => {
    const number = row[column] === '' ? Number.NaN : Number(row[column])
    return number >= 0 && number < Infinity ? number : refuse(column, 'a number, at least 0')
  }
  const verdict = verdictOf(row.Verdict) ?? refuse('Verdict', '0 or 1')
  const results = /^\[((?:[01](?:, *[01])*)?)\]$/.exec(row.LastResults)?.[1] ?? refuse('LastResults', 'like [0, 1]')
  const lastResults = results.split(',').flatMap((result) => verdictOf(result.trim()) ?? [])
  return { number: numberIn('Cycle'), test: { name, duration: numberIn('Duration'), lastRun, lastResults }, verdict }
}

function verdictOf(text: string): Verdict | undefined {
  return text === '1' ? 1 : text === '0' ? 0 : undefined
}
