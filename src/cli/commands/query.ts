import type { AsyncStore } from '../../client/async-store.ts'
import { StoreError } from '../../errors.ts'
import type { CommandSpec } from '../command.ts'
import { Failure } from '../failure.ts'
import { LIMIT } from '../options.ts'
import { plural, style, table } from '../terminal.ts'

export const query: CommandSpec = {
  name: 'query',
  summary: 'answer one SQL statement that reads; nothing is changed, whatever it says',
  arguments: [
    ['<sql>', 'SELECT, WITH, VALUES, EXPLAIN of these, or a PRAGMA that only tells'],
    ['[values...]', 'what is bound to its parameters, in their order; numbers where they read as such'],
  ],
  options: [LIMIT],
  examples: [
    'query "SELECT state_key, action_key, q_value FROM q_values ORDER BY q_value DESC" --limit 10',
    `query 'SELECT count(*) FROM learning_experiences WHERE agent_id = ?' qe-test-generator-001 --json`,
  ],
  async run(context) {
    const [sql = '', ...values] = context.args
    const limit = context.count('limit') ?? 1_000
    const answer = await answered(await context.store(), sql, values.map(bound), limit)
    const { columns, rows, isTruncated } = answer
    // Ids and numbers are never cut.
    const flexible = columns.filter((name) => !/(^|_)id$/.test(name))
    const more = isTruncated ? `\n${style.dim(`There are more than ${limit} rows; --limit takes another number.`)}` : ''
    const shown = (): (string | number | null)[][] =>
      rows.map((row) => row.map((cell) => (cell instanceof Uint8Array ? `${cell.length} bytes` : cell)))
    return { json: answer, text: () => `${table(columns, shown(), flexible)}${more}` }
  },
}

/** What SQLite does not take is what was typed. */
async function answered(store: AsyncStore, sql: string, values: readonly (string | number)[], limit: number) {
  try {
    return await store.query(sql, values, { limit })
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'SQL_ERROR') throw error
    if (!isOutOfRange(error)) throw new Failure('SQL_ERROR', error.message, 2)
    const expected = await parametersOf(store, sql, values)
    throw new Failure(
      'SQL_ERROR',
      `Expected ${plural(expected, 'value')} for the parameters of it, got ${values.length}`,
      2,
    )
  }
}

/** SQLite tells only whether there are too many. */
async function parametersOf(store: AsyncStore, sql: string, values: readonly (string | number)[]): Promise<number> {
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

function bound(text: string): string | number {
  const number = Number(text)
  return text.trim() !== '' && String(number) === text && !Number.isNaN(number) ? number : text
}
