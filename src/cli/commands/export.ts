import {
  CSV_CONTENTS,
  EXPORT_FORMATS,
  type ExportedFile,
  type ExportFormat,
  type ExportOptions,
} from '../../transfer/job.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { checkOutsideStore, fileOf, inFolder } from '../files.ts'
import { AGENT, FORCE, MKDIR, OUTPUT, oneOf } from '../options.ts'

/** The formats that can be written to standard output. */
const TEXT_FORMATS: readonly ExportFormat[] = ['json-lines', 'csv', 'learning-model-state']
const DEFAULT_FORMAT: ExportFormat = 'json-lines'

export const exporting: CommandSpec = {
  name: 'export',
  summary: 'export the store to a file format',
  isReading: true,
  options: [
    ['--format <name>', `${EXPORT_FORMATS.join(', ')} (default: ${DEFAULT_FORMAT})`],
    ['--what <name>', `content of csv: ${CSV_CONTENTS.join(', ')} (default: experiences)`],
    AGENT,
    OUTPUT,
    MKDIR,
    FORCE,
  ],
  examples: [
    'export --output experiences.jsonl',
    'export --format csv --what values --agent qe-test-generator > values.csv',
    'export --format agentic-qe --output copy/.agentic-qe',
  ],
  run: (context) => exported(context, oneOf('--format', context.text('format') ?? DEFAULT_FORMAT, EXPORT_FORMATS)),
}

export const learnExport: CommandSpec = {
  name: 'learn export',
  summary: 'export agents as LearningModelState files of agentic-qe',
  isReading: true,
  options: [AGENT, OUTPUT, MKDIR, FORCE],
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
  if (output === undefined && !TEXT_FORMATS.includes(format)) {
    throw new Failure('USAGE', `The format ${format} needs --output.`)
  }
  const what = whatOf(context, format)
  if (output !== undefined) await context.checkOutput(output)
  const written = await filesOf(context, format, what)
  const [only, ...others] = written
  if (!only) throw new Failure('NOT_FOUND', 'The store has no agents.')
  if (output === undefined) return printed(written, format)
  const isOne = others.length === 0
  const named = written.map(({ agentId, file }) => {
    const name = agentId === undefined ? inFolder(output, file.path) : fileOf(output, agentId)
    const path = isOne && format !== 'agentic-qe' ? output : name
    return { agentId: agentId ?? null, file: path, content: file.bytes, notes: file.notes ?? [] }
  })
  // Check all before the first one is written.
  for (const { file } of named) await checkOutsideStore(context.path, file)
  for (const { file, content } of named) await context.write(file, content)
  const files = named.map(({ agentId, file, content, notes }) => {
    return { agentId, file, bytes: content.length, ...(notes.length > 0 && { notes }) }
  })
  const note = context.terminal.style.yellow('note')
  const lines = files.flatMap(({ file, bytes, notes = [] }) => [
    `${file} (${bytes} bytes)`,
    ...notes.map((text) => `${note}     ${text}`),
  ])
  return { json: { format, files }, text: lines.join('\n') }
}

function whatOf(context: Context, format: ExportFormat): ExportOptions['what'] {
  const what = context.text('what')
  if (what === undefined) return undefined
  const content = oneOf('--what', what, CSV_CONTENTS)
  if (format !== 'csv') throw new Failure('USAGE', `Expected --what with --format csv, got --format ${format}`)
  return content
}

/** One export per agent if `--agent` is given or the format holds one agent; otherwise one of the whole store. */
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

/** The files as one text, or as one JSON document. */
function printed(written: readonly Written[], format: string) {
  const texts = written.map(({ agentId, file }) => ({ agentId, text: new TextDecoder().decode(file.bytes) }))
  const models = format === 'learning-model-state' ? texts.map(({ text }) => JSON.parse(text) as unknown) : undefined
  const json = models ? (models.length === 1 ? models[0] : models) : { format, files: texts }
  return {
    json,
    text: models ? JSON.stringify(json, undefined, 2) : texts.map(({ text }) => text).join(''),
    isContent: true,
  }
}
