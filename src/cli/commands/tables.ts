import type { CommandSpec } from '../command.ts'
import { table } from '../terminal.ts'

export const tables: CommandSpec = {
  name: 'tables',
  summary: 'the tables of the store, how many rows they have, and their columns',
  options: [['--detailed', 'show the columns, too']],
  examples: ['tables', 'tables --detailed', 'tables --json'],
  async run(context) {
    const found = await (await context.store()).tables()
    const isDetailed = context.has('detailed')
    const head = ['table', 'kind', 'rows', ...(isDetailed ? ['columns'] : [])]
    const rows = found.map(({ name, kind, rowCount, columns }) => [
      ...[name, kind, rowCount],
      ...(isDetailed ? [columns.map((column) => column.name).join(', ')] : []),
    ])
    return { json: { tables: found }, text: table(head, rows, ['columns']) }
  },
}
