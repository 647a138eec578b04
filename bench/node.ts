import { writeFileSync } from 'node:fs'
import { describeMachine } from './machine.ts'

import { alternate, type MeasuredRow } from './measure.ts'
import { memoryOfPatterns } from './memory.ts'
import type { BenchOptions } from './options.ts'
import { growth, relaxedRows, strictRows } from './rows/files.ts'
import { learningRows } from './rows/learning.ts'
import { linearRows } from './rows/linear.ts'
import { openingRows } from './rows/opening.ts'
import { patternRows } from './rows/patterns.ts'
import { testPatternRows } from './rows/test-patterns.ts'
import { type SpeedLine, speedTable } from './speed-table.ts'
import { figure, ratio, table } from './table.ts'

/** This store against bare sql.js and better-sqlite3, in Node. */
export async function benchNode(options: BenchOptions): Promise<void> {
  const [rounds, effort, many] = options.quick ? [5, 0.15, 20_000] : [15, 0.6, 200_000]

  const started = performance.now()
  // First, in a heap and an engine that nothing else has grown.
  const memory = await memoryOfPatterns()
  const machine = await describeMachine()
  const results: MeasuredRow[] = []
  for (const open of [
    patternRows,
    testPatternRows,
    learningRows,
    linearRows,
    openingRows,
    relaxedRows,
    () => strictRows(many),
  ]) {
    results.push(...(await alternate(await open(), rounds, effort)))
  }
  const speed = speedTable(results, memory)
  const strictGrowth = growth(results, many)

  console.log(`Node ${machine.node}, ${machine.cpu}, load ${machine.load.toFixed(1)} before; sql.js: ${machine.sqlJs}; better-sqlite3: ${machine.betterSqlite3}
Files in ${machine.files}, where writing 512 bytes with fdatasync takes ${figure(machine.syncMs)} ms${machine.syncMs < 0.1 ? ' (so quick that a cache answers for the disk)' : ''}.
${rounds} rounds, the contenders in turn; median of the rounds' medians, in ms for one call.
Ours is called through the promises of the store, as a user calls it.\n`)
  printResults(results)
  console.log(
    `\nA strict commit with ${many.toLocaleString('en')} experiences stored takes ${figure(strictGrowth.ours)} times what it takes with 1,000 (better-sqlite3: ${figure(strictGrowth.native)}).`,
  )
  console.log('\nThe slowest calls of the pattern bank.\n')
  printPercentiles(results)
  console.log('\nThe speed table of the MCP-Agent document; upstream was measured on another day.\n')
  printSpeed(speed)
  console.log(`
Memory, in MB of 10^6 bytes: sql.js holds the database as a file in memory, and its page cache holds pages again, within the
WebAssembly memory that the engine takes when it is loaded (not counted). The file and the JavaScript heap are measured by their
growth after a garbage collection, the page cache by the blocks of 1 KiB that were written to; native is the pages of the
database alone. When all 10,000 are retrieved at once, our cache holds them as objects: ${figure(memory.cached)} MB more.`)
  console.log(
    `\nDone in ${((performance.now() - started) / 1000).toFixed(0)} s${options.quick ? '; --quick: figures of a few calls' : ''}.`,
  )

  if (options.json !== undefined) {
    const rows = results.map(({ row: { entrants, ...row }, medians, p95 }) => ({ ...row, medians, p95 }))
    const report = { date: new Date().toISOString(), machine, rounds, effort, rows, strictGrowth, speed, memory }
    writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  }
}

function printResults(measured: readonly MeasuredRow[]): void {
  const notes: string[] = []
  const marked = (operation: string, note: string | undefined): string => {
    if (note === undefined) return operation
    if (!notes.includes(note)) notes.push(note)
    return `${operation} [${notes.indexOf(note) + 1}]`
  }
  const rows = measured.map(({ row, medians: { ours, bare, native } }) => [
    marked(row.operation, row.note),
    row.storage,
    row.durability,
    figure(ours),
    figure(bare),
    figure(native),
    ratio(ours, bare),
    ratio(ours, native),
  ])
  const heads = [
    'operation',
    'storage',
    'durability',
    'ours',
    'bare sql.js',
    'better-sqlite3',
    'ours/bare',
    'ours/native',
  ]
  console.log(table(heads, rows))
  console.log(`\n${notes.map((note, i) => `[${i + 1}] ${note}`).join('\n')}`)
}

function printPercentiles(measured: readonly MeasuredRow[]): void {
  const rows = measured.flatMap(({ row, medians, p95 }) =>
    row.p95Ms === undefined
      ? []
      : [[row.operation, figure(medians.ours), figure(p95), figure(row.p95Ms), p95 < row.p95Ms ? 'yes' : 'no']],
  )
  console.log(table(['operation', 'p50', 'p95', 'asked', 'met'], rows))
}

function printSpeed(lines: readonly SpeedLine[]): void {
  const rows = lines.map(({ operation, unit, asked, upstream, native, ours, met, note }) => [
    operation,
    unit,
    String(asked),
    upstream === undefined ? '-' : String(upstream),
    figure(native),
    figure(ours),
    met ? 'yes' : 'no',
    note,
  ])
  console.log(table(['operation', 'unit', 'asked', 'upstream', 'native floor', 'ours', 'met', 'note'], rows))
}
