import type { ExportedFile, ExportFormat, ExportOptions } from '../../transfer/job.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { fileOf, inFolder, writeOutput } from '../files.ts'
import { AGENT, FORCE, OUTPUT } from '../options.ts'

const TEXTS: readonly string[] = ['learning-model-state', 'json-lines', 'csv'] satisfies ExportFormat[]

export const exporting: CommandSpec = {
  name: 'export',
  summary: 'write what the store holds in a format that other programs read',
  options: [
    ['--format <name>', 'json-lines (default), csv, learning-model-state, agentic-qe (a folder), sqlite'],
    ['--what <name>', 'of csv: experiences (default), values, patterns'],
    AGENT,
    OUTPUT,
    FORCE,
  ],
  examples: [
    'export --output experiences.jsonl',
    'export --format csv --what values --agent qe-test-generator > values.csv',
    'export --format agentic-qe --output copy/.agentic-qe',
  ],
  run: (context) => exported(context, context.text('format') ?? 'json-lines'),
}

export const learnExport: CommandSpec = {
  name: 'learn export',
  summary: 'write what agents learned as the LearningModelState of agentic-qe',
  options: [AGENT, OUTPUT, FORCE],
  examples: [
    'learn export --agent qe-test-generator --output learning.json',
    'learn export --agent qe-test-generator-001 > learning.json',
  ],
  run: (context) => exported(context, 'learning-model-state'),
}

interface Written {
  readonly agentId: string | undefined
  readonly file: ExportedFile
}

async function exported(context: Context, format: string) {
  const output = context.text('output')
  if (output === undefined && !TEXTS.includes(format)) {
    throw new Failure('USAGE', `Expected --output with where to write the format ${format}.`)
  }
  const written = await filesOf(context, format as ExportFormat)
  const [only, ...others] = written
  if (!only) throw new Failure('NOT_FOUND', 'Expected an agent in this store, got none.')
  if (output === undefined) return printed(written, format)
  const isOne = others.length === 0
  const files: { readonly agentId: string | null; readonly file: string; readonly bytes: number }[] = []
  for (const { agentId, file } of written) {
    const name = agentId === undefined ? inFolder(output, file.path) : fileOf(output, agentId)
    const path = isOne && format !== 'agentic-qe' ? output : name
    await writeOutput(path, file.bytes, context.has('force'))
    files.push({ agentId: agentId ?? null, file: path, bytes: file.bytes.length })
  }
  return { json: { format, files }, text: files.map(({ file, bytes }) => `${file} (${bytes} bytes)`).join('\n') }
}

/** Of each agent by itself where some are named, or where the format is of one agent. */
async function filesOf(context: Context, format: ExportFormat): Promise<Written[]> {
  const store = await context.store()
  const isByAgent = context.text('agent') !== undefined || format === 'learning-model-state'
  const ids = isByAgent ? (await context.agents()).map(({ agent }) => agent.id) : [undefined]
  const what = context.text('what') as ExportOptions['what']
  const written: Written[] = []
  for (const agentId of ids) {
    const follow = context.follow()
    try {
      const options = { format, ...(what !== undefined && { what }), ...(agentId !== undefined && { agentId }) }
      const files = await store.exportFile({ ...options, ...follow.options })
      written.push(...files.map((file) => ({ agentId, file })))
    } finally {
      follow.end()
    }
  }
  return written
}

/** One document; with `--json` in JSON whatever the format. */
function printed(written: readonly Written[], format: string) {
  const texts = written.map(({ agentId, file }) => ({ agentId, text: new TextDecoder().decode(file.bytes) }))
  const models = format === 'learning-model-state' ? texts.map(({ text }) => JSON.parse(text) as unknown) : undefined
  const json = models ? (models.length === 1 ? models[0] : models) : { format, files: texts }
  return { json, text: models ? JSON.stringify(json, undefined, 2) : texts.map(({ text }) => text).join('') }
}
