import type { CommandSpec } from '../command.ts'
import { readInput } from '../files.ts'
import { FORCE, MKDIR } from '../options.ts'

export const snapshot: CommandSpec = {
  name: 'snapshot',
  summary: 'copy the whole store to one SQLite file',
  options: [['--output <file>', 'file to write (default: beside the store, with the time in its name)'], MKDIR, FORCE],
  examples: ['snapshot', 'snapshot --output monday.db'],
  async run(context) {
    const output = context.text('output')
    if (output !== undefined) await context.checkOutput(output)
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
