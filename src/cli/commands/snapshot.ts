import type { CommandSpec } from '../command.ts'
import { writeBeside } from '../files.ts'
import { FORCE, MKDIR } from '../options.ts'

export const snapshot: CommandSpec = {
  name: 'snapshot',
  summary: 'copy the whole store to one SQLite file',
  isReading: true,
  options: [['--output <file>', 'file to write (default: beside the store, with the time in its name)'], MKDIR, FORCE],
  examples: ['snapshot', 'snapshot --output monday.db'],
  async run(context) {
    const output = context.text('output')
    if (output !== undefined) await context.checkOutput(output)
    const store = await context.store()
    const { sequence } = await store.status()
    const bytes = await store.snapshot()
    if (output !== undefined) await context.write(output, bytes)
    const file = output ?? (await writeBeside(context.path, context.timestamp(), bytes))
    return { json: { file, sequence }, text: file }
  },
}
