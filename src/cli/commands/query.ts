import type { AsyncStore } from '../../client/async-store.ts'
import { StoreError } from '../../errors.ts'
import type { CommandSpec } from '../command.ts'
import { Failure } from '../failure.ts'
import { count, LIMIT } from '../options.ts'
import { plural } from '../terminal.ts'

export const query: CommandSpec = {
  name: 'query',
  summary: 'run one read-only SQL statement',
  isReading: true,
  arguments: [
    ['<sql>', 'SELECT, WITH, VALUES, EXPLAIN, or a PRAGMA that only reads'],
    ['[values...]', 'values of its parameters, in order; numeric ones are bound as numbers'],
  ],
  options: [
    LIMIT,
    ['--timeout-ms <ms>', 'stop the query after this time. Default: 10000', count],
    ['--columns', 'with --json: print the names of the columns, and each row as an array'],
  ],
  examples: [
    'query "SELECT state_key, action_key, q_value FROM q_values ORDER BY q_value DESC" --limit 10',
    `query 'SELECT count(*) FROM learning_experiences WHERE agent_id = ?' qe-test-generator-001 --json`,
  ],
  async run(context) {
    if (context.has('columns') && !context.json) throw new Failure('USAGE', 'Expected --columns with --json')
    const [sql = '', ...values] = context.args
    const limit = context.count('limit') ?? 1_000
    const timeoutMs = context.count('timeoutMs')
    const options = timeoutMs === undefined ? { limit } : { limit, timeoutMs }
    const result = await select(await context.store(), sql, values.map(parsed), options)
    const { columns, rows, isTruncated } = result
    const { terminal } = context
    if (context.json) {
      if (context.has('columns')) return { json: result, text: '' }
      const json = objectsOf(columns, rows)
      if (isTruncated) terminal.printError(moreThan(limit))
      return { json, text: '' }
    }
    const flexible = columns.filter((name) => !/(^|_)id$/.test(name))
    const more = isTruncated ? `\n${terminal.style.dim(moreThan(limit))}` : ''
    const cells = (): (string | number | null)[][] =>
      rows.map((row) => row.map((cell) => (cell instanceof Uint8Array ? `${cell.length} bytes` : cell)))
    return { json: undefined, text: () => `${terminal.table(columns, cells(), flexible)}${more}` }
  },
}

function moreThan(limit: number): string {
  return `There are more than ${limit} rows; use --limit to show more.`
}

/** Each row as an object. @throws USAGE if two columns have the same name */
function objectsOf(columns: readonly string[], rows: readonly (readonly unknown[])[]): readonly object[] {
  const double = columns.find((name, i) => columns.indexOf(name) !== i)
  if (double !== undefined) {
    const remedy = 'Name the columns with AS, or add --columns for rows as arrays.'
    throw new Failure('USAGE', `Expected columns of different names, got "${double}" twice. ${remedy}`)
  }
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
}

/** An error of SQLite is an error in the command line: exit code 2. */
async function select(
  store: AsyncStore,
  sql: string,
  values: readonly (string | number)[],
  options: { readonly limit: number; readonly timeoutMs?: number },
) {
  try {
    return await store.query(sql, values, options)
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'SQL_ERROR') throw error
    if (!isOutOfRange(error)) throw new Failure('SQL_ERROR', error.message, 2)
    const expected = await parameterCount(store, sql, values)
    throw new Failure(
      'SQL_ERROR',
      `Expected ${plural(expected, 'value')} for the parameters of the statement, got ${values.length}`,
      2,
    )
  }
}

/** The number of parameters. SQLite reports only that there are too many values. */
async function parameterCount(store: AsyncStore, sql: string, values: readonly (string | number)[]): Promise<number> {
  for (let count = values.length - 1; count > 0; count--) {
    try {
      await store.query(sql, values.slice(0, count), { limit: 1 })
      return count
    } catch (error) {
      if (!isOutOfRange(error)) return count
    }
  }
  return 0
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof StoreError && error.message.includes('column index out of range')
}

function parsed(text: string): string | number {
  const number = Number(text)
  return text.trim() !== '' && String(number) === text && !Number.isNaN(number) ? number : text
}
