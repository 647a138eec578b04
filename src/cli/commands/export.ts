import type { ExportedFile, ExportFormat, ExportOptions } from '../../transfer/job.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { checkNotOf, fileOf, inFolder } from '../files.ts'
import { AGENT, FORCE, OUTPUT, oneOf } from '../options.ts'

const TEXTS: readonly ExportFormat[] = ['json-lines', 'csv', 'learning-model-state']
const FORMATS: readonly ExportFormat[] = [...TEXTS, 'agentic-qe', 'sqlite']
const CONTENTS = ['experiences', 'values', 'patterns'] as const

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
  run: (context) => exported(context, oneOf('--format', context.text('format') ?? 'json-lines', FORMATS)),
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

async function exported(context: Context, format: ExportFormat) {
  const output = context.text('output')
  if (output === undefined && !TEXTS.includes(format)) {
    throw new Failure('USAGE', `Expected --output with where to write the format ${format}.`)
  }
  const written = await filesOf(context, format, whatOf(context, format))
  const [only, ...others] = written
  if (!only) throw new Failure('NOT_FOUND', 'Expected an agent in this store, got none.')
  if (output === undefined) return printed(written, format)
  const isOne = others.length === 0
  const named = written.map(({ agentId, file }) => {
    const name = agentId === undefined ? inFolder(output, file.path) : fileOf(output, agentId)
    return { agentId: agentId ?? null, file: isOne && format !== 'agentic-qe' ? output : name, content: file.bytes }
  })
  // All of them before the first is written.
  for (const { file } of named) await checkNotOf(context.path, file)
  for (const { file, content } of named) await context.write(file, content)
  const files = named.map(({ agentId, file, content }) => ({ agentId, file, bytes: content.length }))
  return { json: { format, files }, text: files.map(({ file, bytes }) => `${file} (${bytes} bytes)`).join('\n') }
}

function whatOf(context: Context, format: ExportFormat): ExportOptions['what'] {
  const what = context.text('what')
  if (what === undefined) return undefined
  const content = oneOf('--what', what, CONTENTS)
  if (format !== 'csv') throw new Failure('USAGE', `--what needs --format csv, got --format ${format}`)
  return content
}

/** Of each agent by itself where some are named, or where the format is of one agent. */
async function filesOf(context: Context, format: ExportFormat, what: ExportOptions['what']): Promise<Written[]> {
  const store = await context.store()
  const isByAgent = context.text('agent') !== undefined || format === 'learning-model-state'
  const ids = isByAgent ? (await context.agents()).map(({ agent }) => agent.id) : [undefined]
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
