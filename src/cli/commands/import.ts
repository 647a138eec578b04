import type { AsyncStore } from '../../client/async-store.ts'
import type { MergeResult } from '../../learning/maintenance/merge.ts'
import type { ImportFormat, ImportOptions, ImportResult } from '../../transfer/job.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure, named } from '../failure.ts'
import { isStoreThere, readInput } from '../files.ts'
import { oneOf } from '../options.ts'
import { facts, plural, style, table } from '../terminal.ts'

const FORMATS: readonly ImportFormat[] = [
  ...(['learning-store', 'agentic-qe', 'learning-model-state', 'ruvector-qtable', 'ruvector-trajectories'] as const),
  ...(['json-lines', 'csv'] as const),
]

export const importing: CommandSpec = {
  name: 'import',
  summary: 'take in what another program learned; the file is only read',
  arguments: [
    ['<files...>', 'agentic-qe databases, learning models, Q-tables, trajectories, JSON Lines, CSV, other stores'],
  ],
  options: [
    ['--format <name>', 'what they are, where their content does not tell'],
    ['--agent <id>', 'whose experiences they are, where a file does not say'],
    ['--task-type <name>', 'of which tasks, where a file does not say'],
    ['--dry-run', 'only tell what would come of it'],
  ],
  examples: [
    'import .agentic-qe/memory.db --storage file:learning.db',
    'import learning.json --dry-run',
    'import runs.csv more.jsonl --agent crawler --json',
  ],
  run: (context) => applyImport(context, {}),
}

export const merging: CommandSpec = {
  name: 'merge',
  summary: 'take in all experiences of other stores, and derive the values of both again',
  arguments: [['<files...>', 'files of other stores']],
  options: [
    ['--forget-removed', 'also where old experiences were removed: values come from those that are left'],
    ['--dry-run', 'only tell what would come of it'],
  ],
  examples: ['merge ../other/.agentic-qe/memory.db', 'merge laptop.db server.db --storage file:all.db'],
  run: (context) => applyImport(context, { format: 'learning-store', forgetRemoved: context.has('forgetRemoved') }),
}

interface Source {
  readonly file: string
  readonly bytes: Uint8Array
}

interface Taken {
  readonly file: string
  readonly report: ImportResult
}

async function applyImport(context: Context, told: ImportOptions) {
  const options = { ...optionsOf(context), ...told }
  const { dryRun } = options
  // Before a store is made for them.
  const sources: Source[] = []
  for (const file of context.args) sources.push({ file, bytes: await contentOf(context, file) })
  const taken: Taken[] = []
  // One for all: an interrupt that comes too late for a file stops before the next.
  const follow = context.follow()
  const takeOne = (store: AsyncStore, { file, bytes }: Source): Promise<ImportResult> => {
    const work = () => store.importFile(bytes, { ...options, name: file, ...follow.options })
    return named(file, work, restOf(file, sources, taken))
  }
  try {
    const [first] = sources
    // A file that cannot be taken in must not leave an empty store behind.
    const store = dryRun
      ? await context.store('or an empty one')
      : await context.storeOrNew(async (trial) => first && takeOne(trial, first))
    for (const source of sources) {
      const report = await takeOne(store, source)
      follow.pause()
      context.tell((taken.length === 0 ? '' : '\n') + shown(source.file, report))
      taken.push({ file: source.file, report })
    }
  } finally {
    follow.end()
  }
  return { json: { storage: context.storage, files: taken.map(({ file, report }) => ({ file, ...report })) }, text: '' }
}

function optionsOf(context: Context): ImportOptions & { readonly dryRun: boolean } {
  const [format, agentId, taskType] = [context.text('format'), context.text('agent'), context.text('taskType')]
  if (agentId === '' || taskType === '') throw new Failure('USAGE', 'Expected --agent and --task-type not to be empty.')
  return {
    ...(format !== undefined && { format: oneOf('--format', format, FORMATS) }),
    ...(agentId !== undefined && { agentId }),
    ...(taskType !== undefined && { taskType }),
    dryRun: context.has('dryRun'),
  }
}

/** What became of the files when this one failed. */
function restOf(file: string, sources: readonly Source[], taken: readonly Taken[]): string {
  if (sources.length === 1) return ''
  const before = taken.map((one) => one.file)
  const what = taken[0]?.report.dryRun ? 'looked at' : 'taken in'
  if (before.length === 0) return `; no file was ${what}`
  const after = sources.at(-1)?.file === file ? '' : ', none of the files after it was'
  return `; ${before.join(', ')} ${before.length === 1 ? 'was' : 'were'} ${what}${after}`
}

/** Of a store with a log beside it, all that is in both. */
async function contentOf(context: Context, file: string): Promise<Uint8Array> {
  return (await isStoreThere(file)) ? named(file, () => context.contentOfOther(file)) : readInput(file)
}

function shown(file: string, { format, dryRun, changes, merged, skipped, notes }: ImportResult): string {
  const head = ['what', dryRun ? 'would add' : 'added', 'known']
  const rows = changes
    .filter(({ added, known }) => added + known > 0)
    .map(({ what, added, known }) => [what, added, known])
  return [
    `${style.bold(file)} ${style.dim(format)}`,
    ...(merged ? [facts(mergedFacts(merged))] : []),
    ...(rows.length > 0 ? [table(head, rows)] : merged ? [] : ['Nothing in it was to be taken.']),
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
      ? [['refused', `${plural(refused, 'experience')} that nothing could be learned from`] as [string, string]]
      : []),
  ]
}
