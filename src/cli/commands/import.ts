import type { AsyncStore } from '../../client/async-store.ts'
import type { MergeResult } from '../../learning/maintenance/merge.ts'
import type { SourceFile } from '../../persistence/file/source-file.ts'
import { importSource } from '../../runtime/node/import-source.ts'
import { withWriteAheadLog } from '../../sql/write-ahead-log.ts'
import { DECIMALS } from '../../transfer/csv/cells.ts'
import { contentOfCsv } from '../../transfer/csv/content.ts'
import type { ColumnMap } from '../../transfer/csv/field-columns.ts'
import { importFormatOf } from '../../transfer/detect-format.ts'
import {
  DUPLICATES,
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportOptions,
  type ImportResult,
} from '../../transfer/job.ts'
import { columnMap } from '../column-map.ts'
import type { CommandSpec, OptionSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure, naming } from '../failure.ts'
import { checkFileExists, filesAt, withoutCompanions } from '../files.ts'
import { oneOf } from '../options.ts'
import { plural, type Terminal } from '../terminal.ts'

const DRY_RUN: OptionSpec = ['--dry-run', 'show the result without changing the store']

export const importing: CommandSpec = {
  name: 'import',
  summary: 'import experiences, values and patterns of other programs',
  arguments: [['<files...>', 'files to read, or folders of them; they are not changed']],
  options: [
    ['--format <name>', `${IMPORT_FORMATS.join(', ')} (default: detected from the content)`],
    ['--agent <id>', 'agent of experiences that do not name one'],
    ['--task-type <name>', 'task type of experiences that do not name one'],
    ['--map <field=column,...>', 'columns of CSV files with other names, as reward=score,state=user_*+page', columnMap],
    ['--decimal <character>', 'character before the fraction of numbers in CSV files: . (default) or ,'],
    [
      '--duplicates <skip|keep>',
      'of experiences without an id and a time: skip those that are known (default), or keep those of every file once',
    ],
    DRY_RUN,
  ],
  examples: [
    'import .agentic-qe/memory.db --storage file:learning.db',
    'import learning.json --dry-run',
    'import runs.csv more.jsonl --agent crawler --json',
    'import log.csv --map reward=score,action=arm,state=page+device',
    'import monday.csv tuesday.csv --duplicates keep',
    'import exported/',
  ],
  run: (context) => importFiles(context, {}),
}

export const merging: CommandSpec = {
  name: 'merge',
  summary: 'add the experiences of other stores and derive the values again',
  arguments: [['<files...>', 'other learning stores']],
  options: [
    ['--forget-removed', 'merge even if experiences were pruned: values are derived from the remaining ones'],
    DRY_RUN,
  ],
  examples: ['merge ../other/.agentic-qe/memory.db', 'merge laptop.db server.db --storage file:all.db'],
  run: (context) => importFiles(context, { format: 'learning-store', forgetRemoved: context.has('forgetRemoved') }),
}

interface Source extends SourceFile {
  readonly file: string
}

interface Imported {
  readonly file: string
  readonly result: ImportResult
}

async function importFiles(context: Context, preset: ImportOptions) {
  const options = { ...optionsOf(context), ...preset }
  const { dryRun } = options
  // Read all files before a store is created.
  const { sources, left } = await sourcesOf(context, options.format)
  const imported: Imported[] = []
  // One for all files: an interrupt that comes too late for one file stops before the next.
  const follow = context.follow()
  const importOne = (store: AsyncStore, { file, bytes, wal }: Source): Promise<ImportResult> => {
    const log = wal && { wal }
    const work = () => store.importFile(bytes, { ...options, ...log, name: file, ...follow.options })
    return naming(file, work, outcomeOfOthers(file, sources, imported))
  }
  // Neither a file that cannot be imported nor files without content may leave an empty store behind.
  const tryAll = async (trial: AsyncStore): Promise<void> => {
    for (const source of sources) if (hasContent(await importOne(trial, source))) return
    throw new Failure('NOT_FOUND', `Nothing to import in ${context.args.join(', ')}. No store was made.`)
  }
  try {
    const store = dryRun ? await context.store('empty') : await context.storeOrNew(tryAll)
    for (const source of sources) {
      const result = await importOne(store, source)
      follow.hide()
      context.print((imported.length === 0 ? '' : '\n') + textOf(source.file, result, context.terminal))
      imported.push({ file: source.file, result })
    }
  } finally {
    follow.end()
  }
  const { style } = context.terminal
  for (const file of left) context.print(`${style.yellow('skipped')}  ${file}: it cannot be imported`)
  const files = imported.map(({ file, result }) => ({ file, ...result }))
  return { json: { storage: context.storage, files, skippedFiles: left }, text: '' }
}

function hasContent({ changes, merged }: ImportResult): boolean {
  return merged !== undefined || changes.length > 0
}

/** The files that the arguments name. Of a folder, only those that can be imported. */
async function sourcesOf(context: Context, wanted: ImportFormat | undefined): Promise<Found> {
  const sources: (Source & { readonly isLate: boolean })[] = []
  const left: string[] = []
  for (const path of withoutCompanions(context.args)) {
    for (const file of await filesAt(path)) {
      const source: Source = { file, ...(await contentOf(context, file)) }
      const format = await formatOf(source)
      const isLeftOut = file !== path && (format === undefined || (wanted !== undefined && format !== wanted))
      // Values are set only where experiences have not led to one, so that nothing counts twice.
      const isLate = format === 'csv' && (await naming(file, async () => contentOfCsv(source.bytes))) === 'values'
      if (isLeftOut) left.push(file)
      else sources.push({ ...source, isLate })
    }
  }
  if (sources.length === 0) {
    throw new Failure('NOT_FOUND', `No file in ${context.args.join(', ')} can be imported.`)
  }
  return { sources: sources.toSorted((a, b) => Number(a.isLate) - Number(b.isLate)), left }
}

interface Found {
  readonly sources: readonly Source[]
  /** The other files of folders. */
  readonly left: readonly string[]
}

function optionsOf(context: Context): ImportOptions & { readonly dryRun: boolean } {
  const [format, agentId, taskType] = [context.text('format'), context.text('agent'), context.text('taskType')]
  const [decimal, duplicates] = [context.text('decimal'), context.text('duplicates')]
  const map = context.options.map as ColumnMap | undefined
  if (agentId === '' || taskType === '') throw new Failure('USAGE', 'Expected --agent and --task-type not to be empty.')
  return {
    ...(format !== undefined && { format: oneOf('--format', format, IMPORT_FORMATS) }),
    ...(agentId !== undefined && { agentId }),
    ...(taskType !== undefined && { taskType }),
    ...(map !== undefined && { map }),
    ...(decimal !== undefined && { decimal: oneOf('--decimal', decimal, DECIMALS) }),
    ...(duplicates !== undefined && { duplicates: oneOf('--duplicates', duplicates, DUPLICATES) }),
    dryRun: context.has('dryRun'),
  }
}

/** What happened to the other files, for the error message of this one. */
function outcomeOfOthers(file: string, sources: readonly Source[], imported: readonly Imported[]): string {
  if (sources.length === 1) return ''
  const before = imported.map((one) => one.file)
  const done = imported[0]?.result.dryRun ? 'checked' : 'imported'
  if (before.length === 0) return `; no file was ${done}`
  const after = sources.at(-1)?.file === file ? '' : '; the files after it were not'
  return `; ${before.join(', ')} ${before.length === 1 ? 'was' : 'were'} ${done}${after}`
}

/** The content of a file. That of a store includes its log, that of another SQLite file comes with its write-ahead log. */
async function contentOf(context: Context, file: string): Promise<SourceFile> {
  await checkFileExists(file)
  return importSource(file, (path) => naming(file, () => context.contentOfOther(path)))
}

/** The first page of a SQLite file, and so its format, may be in the write-ahead log alone. */
function formatOf({ file, bytes, wal }: Source): Promise<ImportFormat | undefined> {
  return naming(file, async () => importFormatOf(wal ? withWriteAheadLog(bytes, wal).bytes : bytes, file))
}

function textOf(file: string, result: ImportResult, terminal: Terminal): string {
  const { format, dryRun, changes, merged, skipped, notes } = result
  const { style } = terminal
  const head = ['what', dryRun ? 'would add' : 'added', 'known']
  const rows = changes
    .filter(({ added, known }) => added + known > 0)
    .map(({ what, added, known }) => [what, added, known])
  return [
    `${style.bold(file)} ${style.dim(format)}`,
    ...(merged ? [terminal.facts(mergedFacts(merged))] : []),
    ...(rows.length > 0 ? [terminal.table(head, rows)] : merged ? [] : ['Nothing to import.']),
    ...skipped.map(({ what, count, reason }) => `${style.yellow('skipped')}  ${what} (${count}): ${reason}`),
    ...notes.map((note) => `${style.yellow('note')}     ${note}`),
  ].join('\n')
}

function mergedFacts({ agents, added, known, derived, carried, refused }: MergeResult): [string, string | number][] {
  return [
    ['agents', agents],
    ['experiences', `${added} added, ${known} known`],
    ['values', `${derived} derived, ${carried} carried`],
    ...(refused > 0
      ? [['refused', `${plural(refused, 'experience')} that cannot be learned from`] satisfies [string, string]]
      : []),
  ]
}
