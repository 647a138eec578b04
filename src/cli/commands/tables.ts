import type { CommandSpec } from '../command.ts'

export const tables: CommandSpec = {
  name: 'tables',
  summary: 'list the tables of the store with their row counts',
  isReading: true,
  options: [['--detailed', 'also show the columns']],
  examples: ['tables', 'tables --detailed', 'tables --json'],
  async run(context) {
    const found = await (await context.store()).tables()
    const isDetailed = context.has('detailed')
    const head = ['table', 'kind', 'rows', ...(isDetailed ? ['columns'] : [])]
    const rows = found.map(({ name, kind, rowCount, columns }) => [
      name,
      kind,
      rowCount,
      ...(isDetailed ? [columns.map((column) => column.name).join(', ')] : []),
    ])
    return { json: { tables: found }, text: context.terminal.table(head, rows, ['columns']) }
  },
}
