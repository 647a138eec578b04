import type { AsyncStore } from '../../client/async-store.ts'
import type { NewTestPattern, TestPattern } from '../../learning/test-patterns/test-pattern.ts'
import type { CommandSpec } from '../command.ts'
import { Failure, naming } from '../failure.ts'
import { readInput } from '../files.ts'
import { FORCE, FRAMEWORK, MKDIR, OUTPUT, TYPE } from '../options.ts'
import { plural } from '../terminal.ts'
import { filters } from './patterns-list.ts'

export const patternsExport: CommandSpec = {
  name: 'patterns export',
  summary: 'export test patterns as a JSON list for `patterns import`',
  isReading: true,
  options: [FRAMEWORK, TYPE, OUTPUT, MKDIR, FORCE],
  examples: ['patterns export --output patterns.json', 'patterns export --framework jest > jest.json'],
  async run(context) {
    const output = context.text('output')
    if (output !== undefined) await context.checkOutput(output)
    const { testPatterns } = await context.store()
    const found = await testPatterns.list({ ...filters(context), limit: Number.MAX_SAFE_INTEGER })
    const text = JSON.stringify(found.map(toNew), undefined, 2)
    if (output === undefined) return { json: found.map(toNew), text, isContent: true }
    await context.write(output, text)
    const json = { file: output, patterns: found.length }
    return { json, text: `${plural(found.length, 'test pattern')} written to ${output}` }
  },
}

export const patternsImport: CommandSpec = {
  name: 'patterns import',
  summary: 'import a JSON list of `patterns export`; all of it or nothing',
  options: [['--input <file>', 'file to read']],
  examples: ['patterns import --input patterns.json'],
  async run(context) {
    const input = context.text('input')
    if (input === undefined) throw new Failure('USAGE', 'Expected --input with the file to read')
    const patterns = listIn(await readInput(input), input)
    const storeIn = (store: AsyncStore) => naming(input, () => store.testPatterns.upsertMany(patterns))
    const results = await storeIn(await context.storeOrNew(storeIn))
    const added = results.filter(({ isNew }) => isNew).length
    const updated = results.length - added
    return {
      json: { added, updated },
      text: `${plural(added, 'test pattern')} added, ${updated} updated.`,
    }
  },
}

function listIn(bytes: Uint8Array, file: string): NewTestPattern[] {
  let read: unknown
  try {
    read = JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new Failure('NOT_A_STORE', `Expected JSON in ${file}: ${(error as Error).message}`)
  }
  if (!Array.isArray(read)) throw new Failure('NOT_A_STORE', `Expected a JSON list of test patterns in ${file}.`)
  return read as NewTestPattern[]
}

/** Without the fields that a store sets itself. */
function toNew({ signatureHash: _, createdAt: __, updatedAt: ___, ...pattern }: TestPattern): NewTestPattern {
  return pattern
}
