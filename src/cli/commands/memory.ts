import type { Caller } from '../../algorithms/access.ts'
import type { Promised } from '../../client/async-store.ts'
import type { JsonValue } from '../../json-value.ts'
import type { CallerMemory } from '../../learning/memory/caller-memory.ts'
import type { MemoryEntry } from '../../learning/memory/entry.ts'
import type { CommandSpec, OptionSpec } from '../command.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { CONFIRM, LIMIT } from '../options.ts'
import { short } from '../terminal.ts'

const PARTITION: OptionSpec = ['--partition <name>', 'only entries of this partition']
const KEYS: OptionSpec = ['--keys <pattern>', 'only entries whose key matches this pattern, such as "plan:*"']
const OF_PARTITION: OptionSpec = ['--partition <name>', 'the partition of the key (default: default)']
/** Who uses the memory. */
const CALLER: readonly OptionSpec[] = [
  ['--as <agent>', 'the agent whose access counts (default: the owner of all entries, if there is only one)'],
  ['--team <id>', 'the team of this agent'],
  ['--swarm <id>', 'the swarm of this agent'],
  ['--system', 'this agent is a system agent'],
]

const KEY = ['<key>', 'key, as `memory list` shows it'] as const

const OWNERS = `SELECT owner, count(*) FROM memory_entries WHERE owner IS NOT NULL
  AND (expires_at IS NULL OR expires_at > ?) GROUP BY owner ORDER BY count(*) DESC, owner`

export const memoryList: CommandSpec = {
  name: 'memory list',
  isReading: true,
  summary: 'list entries of the shared memory that an agent may read',
  options: [PARTITION, KEYS, LIMIT, ...CALLER],
  examples: ['memory list', 'memory list --as planner --team qe', 'memory list --partition langgraph --keys "[[*"'],
  async run(context) {
    const memory = await memoryOf(context)
    const limit = context.count('limit') ?? 20
    // One more, to know whether there are more.
    const found = await memory.list({ ...selected(context), limit: limit + 1 })
    const entries = found.slice(0, limit)
    const more = found.length > limit ? [`There are more than ${limit}: see --limit.`] : []
    return {
      json: { caller: memory.caller, entries, isTruncated: found.length > limit },
      text: () => [entries.length === 0 ? 'No entries.' : table(context, entries), ...more].join('\n'),
    }
  },
}

export const memorySearch: CommandSpec = {
  name: 'memory search',
  isReading: true,
  summary: 'search entries of the shared memory by words of their key, value and metadata',
  arguments: [['<text>', 'words, prefix*, "phrases"']],
  options: [PARTITION, KEYS, LIMIT, ['--all', 'match all of the words instead of any'], ...CALLER],
  examples: ['memory search "deploy plan"', 'memory search "retr*" --as planner --limit 5'],
  async run(context) {
    const [text = ''] = context.args
    const memory = await memoryOf(context)
    const matching = context.has('all') ? 'all' : 'any'
    const hits = await memory.search({ text, matching, ...selected(context), limit: context.count('limit') ?? 10 })
    const rows = hits.map(({ entry, score }) => [Number(short(score)), entry.key, entry.partition, lineOf(entry.value)])
    const head = ['score', 'key', 'partition', 'value']
    return {
      json: { caller: memory.caller, hits },
      text: () => (hits.length === 0 ? 'No entries match.' : context.terminal.table(head, rows, ['key', 'value'])),
    }
  },
}

export const memoryShow: CommandSpec = {
  name: 'memory show',
  isReading: true,
  summary: 'show one entry of the shared memory',
  arguments: [KEY],
  options: [OF_PARTITION, ...CALLER],
  examples: ['memory show plan', 'memory show plan --partition shared --as planner --json'],
  async run(context) {
    const address = addressOf(context)
    const entry = await (await memoryOf(context)).get(address)
    if (!entry) throw notFound(address)
    const { partition, owner, accessLevel, teamId, swarmId, createdAt, expiresAt, embedder, dimension } = entry
    const facts = context.terminal.facts([
      ['key', entry.key],
      ['partition', partition],
      ['owner', owner],
      ['access', [accessLevel, teamId, swarmId].filter((one) => one !== null).join(' ')],
      ['created', createdAt],
      ['expires', expiresAt ?? 'never'],
      ['embedder', embedder === null ? null : `${embedder}, ${dimension} numbers`],
      ['metadata', entry.metadata === null ? null : JSON.stringify(entry.metadata)],
    ])
    const value = typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value, undefined, 2)
    return { json: { entry }, text: `${facts}\n\n${value}` }
  },
}

export const memoryForget: CommandSpec = {
  name: 'memory forget',
  summary: 'delete one entry of the shared memory',
  arguments: [KEY],
  options: [OF_PARTITION, CONFIRM, ...CALLER],
  examples: ['memory forget plan', 'memory forget plan --partition shared --as planner --confirm'],
  async run(context) {
    const address = addressOf(context)
    const { caller, get } = await memoryOf(context)
    if (!(await get(address))) throw notFound(address)
    await context.confirm(`This deletes the entry ${address.key} in the partition ${address.partition}.`)
    const snapshot = await context.backUp()
    await (await context.store()).memory.as(caller).delete(address)
    const text = `Deleted ${address.key} in the partition ${address.partition}. The previous store is in ${snapshot}`
    return { json: { deleted: address, snapshot }, text }
  },
}

/** The shared memory as the caller of the options may use it. @throws USAGE */
async function memoryOf(context: Context): Promise<Promised<CallerMemory>> {
  const store = await context.store()
  const [teamId, swarmId] = [context.text('team'), context.text('swarm')]
  const caller: Caller = {
    agentId: context.text('as') ?? (await onlyOwner(context)),
    ...(teamId !== undefined && { teamId }),
    ...(swarmId !== undefined && { swarmId }),
    ...(context.has('system') && { isSystem: true }),
  }
  return store.memory.as(caller)
}

/** @throws USAGE if the entries have several owners */
async function onlyOwner(context: Context): Promise<string> {
  const store = await context.store()
  const { rows } = await store.query(OWNERS, [context.now()])
  const [first, second] = rows
  if (second === undefined) return String(first?.[0] ?? 'nobody')
  const owners = rows.slice(0, 10).map(([owner, count]) => `${owner} (${count})`)
  const more = rows.length > 10 ? ` and ${rows.length - 10} more` : ''
  throw new Failure('USAGE', `Expected --as with the agent whose access counts. Owners: ${owners.join(', ')}${more}`)
}

function selected(context: Context): { partition?: string; keys?: string } {
  const [partition, keys] = [context.text('partition'), context.text('keys')]
  return { ...(partition !== undefined && { partition }), ...(keys !== undefined && { keys }) }
}

function addressOf(context: Context): { readonly key: string; readonly partition: string } {
  return { key: context.args[0] ?? '', partition: context.text('partition') ?? 'default' }
}

function table({ terminal }: Context, entries: readonly MemoryEntry[]): string {
  const rows = entries.map((one) => [
    one.key,
    one.partition,
    lineOf(one.value),
    one.owner,
    one.accessLevel,
    one.expiresAt ?? 'never',
  ])
  return terminal.table(['key', 'partition', 'value', 'owner', 'access', 'expires'], rows, ['key', 'value'])
}

/** A value in one line; the table cuts it. */
function lineOf(value: JsonValue): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200)
}

function notFound({ key, partition }: { readonly key: string; readonly partition: string }): Failure {
  const hint = '`learning-store memory list` shows the keys and their partitions.'
  return new Failure('NOT_FOUND', `No entry has the key "${key}" in the partition "${partition}". ${hint}`)
}
