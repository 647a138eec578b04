import type { MeasuredRow } from './measure.ts'
import type { MemoryUse } from './memory.ts'
import { figure } from './table.ts'

/** One line of the speed table of the MCP-Agent document. */
export interface SpeedLine {
  readonly operation: string
  readonly unit: 'ms' | 'MB'
  readonly asked: number
  /** What the upstream implementation was measured to take, once, on another run. */
  readonly upstream: number | undefined
  /** better-sqlite3 in memory, in this run. */
  readonly native: number | undefined
  readonly ours: number
  readonly met: boolean
  readonly note: string
}

/** Asked by the document, measured upstream, and the row of this run that answers it. */
const ASKED: readonly (readonly [operation: string, row: string, asked: number, upstream?: number])[] = [
  ['initialise', 'open an empty store', 10, 8.5],
  ['store one', 'store one pattern', 0.005, 0.341],
  ['store 1000', 'store 1,000 patterns, one call', 5, 392],
  ['bulk 100', 'store 100 patterns, one call, until a read sees them', 0.1],
  ['retrieve 100, uncached', 'retrieve 100 of 10,000 patterns, uncached', 3, 1.64],
  ['retrieve 100, cached', 'retrieve 100 patterns, cached', 0.003, 0.0017],
  ['10 concurrent queries', '10 concurrent queries of 100 patterns, uncached', 10, 11.7],
]
const ASKED_MB = 5

export function speedTable(results: readonly MeasuredRow[], memory: MemoryUse): SpeedLine[] {
  const lines = ASKED.map(([operation, name, asked, upstream]): SpeedLine => {
    const { ours = Number.NaN, native } = results.find(({ row }) => row.operation === name)?.medians ?? {}
    const belowFloor = native !== undefined && native > asked
    const note = belowFloor ? 'asks for less than native SQLite takes' : ''
    return { operation, unit: 'ms', asked, upstream, native, ours, met: ours <= asked, note }
  })
  const { file, engine, heap } = memory
  const ours = file + engine + heap
  const note = `${figure(file)} file + ${figure(engine)} page cache + ${figure(heap)} JavaScript`
  const operation = '10,000 patterns in memory'
  const measured = { asked: ASKED_MB, upstream: undefined, native: memory.native, ours, met: ours <= ASKED_MB }
  return [...lines, { operation, unit: 'MB', ...measured, note }]
}
