import { SWARM_PATTERNS } from './agentic-qe-swarm.ts'
import { count, integer, maybe, name, or, parsedObject, rate, text, time } from './kinds.ts'
import { type Copy, copying, type Row, type TableReader } from './table-reader.ts'

/** The strategies of the document, under its columns. */
export const STRATEGIES: Copy = {
  table: 'patterns',
  columns: {
    ...{ id: integer, pattern_type: name, pattern_data: text, confidence: or(rate, 0.5), success_rate: or(rate, 0) },
    ...{ usage_count: or(count, 0), last_used: maybe(time) },
  },
}

/** What the metadata of a pattern say where the pattern is a strategy of ours. */
export const STRATEGY_NOTE = 'learning_store'
const NOTED = { ...STRATEGIES.columns, agent_id: maybe(text), success_count: or(count, 0) }
const noted = copying({ ...STRATEGIES, columns: NOTED })

/** The two tables that are called `patterns`: of a swarm, where strategies of ours may be among them, and of the document. */
export function patternReaders(): TableReader[] {
  const swarm = copying(SWARM_PATTERNS)
  // 2.8 has three columns more, which 1.4 keeps in the metadata.
  const columns = { ...swarm.columns, agent_id: maybe(text), domain: maybe(text), success_rate: maybe(rate) }
  return [
    {
      ...{ table: 'patterns', columns },
      take: ({ agent_id, domain, success_rate, ...row }, into) => {
        const metadata = parsedObject(row.metadata)
        const strategy = rowOf(metadata[STRATEGY_NOTE])
        if (strategy) return noted.take(strategy, into)
        const more = Object.entries({ agent_id, domain, success_rate }).filter(([, value]) => value !== null)
        const merged = more.length === 0 ? row.metadata : JSON.stringify({ ...Object.fromEntries(more), ...metadata })
        return swarm.take({ ...row, metadata: merged ?? null }, into)
      },
    },
    copying(STRATEGIES),
  ]
}

function rowOf(note: unknown): Row | undefined {
  if (typeof note !== 'object' || note === null) return undefined
  const found: Record<string, Row[string]> = {}
  for (const [column, { take }] of Object.entries(NOTED)) {
    const value = take((note as Row)[column] ?? null)
    if (value === undefined) return undefined
    found[column] = value
  }
  return found
}
