import type { ImportFormat, ImportOptions, ImportReport } from '../../transfer/job.ts'
import type { CommandSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { isStoreThere, readInput } from '../files.ts'
import { style, table } from '../terminal.ts'

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
    'import .agentic-qe/memory.db --place file:learning.db',
    'import learning.json --dry-run',
    'import runs.csv more.jsonl --agent crawler --json',
  ],
  run: (context) => takeIn(context, {}),
}

export const merging: CommandSpec = {
  name: 'merge',
  summary: 'take in all experiences of other stores, and derive the values of both again',
  arguments: [['<files...>', 'files of other stores']],
  options: [
    ['--forget-removed', 'also where old experiences were removed: values come from those that are left'],
    ['--dry-run', 'only tell what would come of it'],
  ],
  examples: ['merge ../other/.agentic-qe/memory.db', 'merge laptop.db server.db --place file:all.db'],
  run: (context) => takeIn(context, { format: 'learning-store', forgetRemoved: context.has('forgetRemoved') }),
}

async function takeIn(context: Context, told: ImportOptions) {
  const [format, agentId, taskType] = [context.text('format'), context.text('agent'), context.text('taskType')]
  const given = {
    ...(format !== undefined && { format: format as ImportFormat }),
    ...(agentId !== undefined && { agentId }),
    ...(taskType !== undefined && { taskType }),
  }
  const dryRun = context.has('dryRun')
  // Before a store is made for them.
  const sources: { readonly file: string; readonly bytes: Uint8Array }[] = []
  for (const file of context.args) sources.push({ file, bytes: await contentOf(context, file) })
  const store = await context.store(dryRun ? 'or an empty one' : 'or a new one')
  const reports: { readonly file: string; readonly report: ImportReport }[] = []
  for (const { file, bytes } of sources) {
    const follow = context.follow()
    try {
      const report = await store.importFile(bytes, { name: file, dryRun, ...given, ...told, ...follow.options })
      reports.push({ file, report })
    } finally {
      follow.end()
    }
  }
  const json = { place: context.place, files: reports.map(({ file, report }) => ({ file, ...report })) }
  return { json, text: reports.map(({ file, report }) => shown(file, report)).join('\n\n') }
}

/** Of a store with a log beside it, all that is in both. */
async function contentOf(context: Context, file: string): Promise<Uint8Array> {
  return (await isStoreThere(file)) ? context.contentOfOther(file) : readInput(file)
}

function shown(file: string, { format, dryRun, changes, skipped, notes }: ImportReport): string {
  const head = ['what', dryRun ? 'would add' : 'added', 'known']
  const rows = changes
    .filter(({ added, known }) => added + known > 0)
    .map(({ what, added, known }) => [what, added, known])
  return [
    `${style.bold(file)} ${style.dim(format)}`,
    rows.length === 0 ? 'Nothing in it was to be taken.' : table(head, rows),
    ...skipped.map(({ what, count, reason }) => `${style.yellow('skipped')}  ${what} (${count}): ${reason}`),
    ...notes.map((note) => `${style.yellow('note')}     ${note}`),
  ].join('\n')
}
