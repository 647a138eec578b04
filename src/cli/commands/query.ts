import type { CommandSpec } from '../command.ts'
import { LIMIT } from '../options.ts'
import { style, table } from '../terminal.ts'

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
    const answer = await (await context.store()).query(sql, values.map(bound), { limit })
    const { columns, rows, isTruncated } = answer
    const more = isTruncated ? `\n${style.dim(`There are more than ${limit} rows; --limit takes another number.`)}` : ''
    const shown = rows.map((row) => row.map((cell) => (cell instanceof Uint8Array ? `${cell.length} bytes` : cell)))
    return { json: answer, text: `${table(columns, shown)}${more}` }
  },
}

function bound(text: string): string | number {
  const number = Number(text)
  return text.trim() !== '' && String(number) === text && !Number.isNaN(number) ? number : text
}
