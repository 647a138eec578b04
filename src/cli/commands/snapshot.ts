import type { CommandSpec } from '../command.ts'
import { readInput } from '../files.ts'
import { FORCE } from '../options.ts'

export const snapshot: CommandSpec = {
  name: 'snapshot',
  summary: 'copy the whole store to one SQLite file',
  options: [['--output <file>', 'file to write (default: beside the store, with the time in its name)'], FORCE],
  examples: ['snapshot', 'snapshot --output copies/monday.db'],
  async run(context) {
    const output = context.text('output')
    const { sequence } = await (await context.store()).status()
    if (output === undefined) {
      const file = await context.backUp()
      return { json: { file, sequence }, text: file }
    }
    await context.close()
    await context.write(output, await readInput(context.path))
    return { json: { file: output, sequence }, text: output }
  },
}
