import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { describeFiles, syncTimes } from '../disk.ts'
import { median } from '../median.ts'
import type { BenchOptions } from '../options.ts'
import { figure, table } from '../table.ts'
import { Chromium } from './chromium.ts'
import type { Order } from './page.ts'
import { judged, type Measured } from './targets.ts'

const CONTESTS: readonly Pick<Order, 'contest' | 'worker'>[] = [
  ...(['awaited', 'rested', 'atOnce', 'strict'] as const).flatMap((contest) =>
    (['shared', 'dedicated'] as const).map((worker) => ({ contest, worker })),
  ),
  { contest: 'growth', worker: 'shared' },
]

/** The store in workers of a real browser, against what Comlink and IndexedDB take without it. */
export async function benchBrowser({ quick, json }: BenchOptions): Promise<void> {
  const effort = quick ? { rounds: 5, effort: 0.15, many: 20_000 } : { rounds: 15, effort: 0.6, many: 200_000 }
  const started = performance.now()
  const load = loadavg()[0] ?? Number.NaN
  const [files, syncMs] = [await describeFiles(), median(syncTimes())]
  const chromium = await Chromium.launch()
  const { version } = chromium
  const results: Measured[] = []
  try {
    for (const { contest, worker } of CONTESTS) {
      results.push(...judged(contest, worker, await chromium.measure({ contest, worker, ...effort })))
    }
  } finally {
    await chromium.close()
  }
  console.log(`Chromium ${version}, headless, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, load ${load.toFixed(1)} before.
Profile in ${files}, where writing 512 bytes with fdatasync takes ${figure(syncMs)} ms.
${effort.rounds} rounds, the contenders in turn; median of the rounds' medians and p95 of all calls, in ms for one call.\n`)
  printResults(results)
  console.log(`
The peers run in a worker of the same kind, get the same object and answer as much as \`learn\` does. Their put writes as many
bytes as our log for one \`learn\`, in one strict transaction of one request. \`many stored\`: ${effort.many.toLocaleString('en')} experiences.
StoredState nowhere is \`memory:\`; what is not strict is relaxed, in IndexedDB. The synchronous store, in memory too, is called through
a bare Comlink proxy: one message and one transaction for each call.`)
  console.log(
    `\nDone in ${((performance.now() - started) / 1000).toFixed(0)} s${quick ? '; --quick: figures of a few calls' : ''}.`,
  )
  if (json !== undefined) {
    const machine = { chromium: version, load, files, syncMs }
    const report = { date: new Date().toISOString(), machine, ...effort, results }
    writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`)
  }
}

function printResults(results: readonly Measured[]): void {
  const heads = ['operation', 'worker', 'against', 'ours', 'p95', 'peer', 'p95', 'ratio', 'target', 'met']
  const rows = results.map(({ operation, worker, against, figures: { ours, peer }, ratio, most, met }) => [
    operation,
    worker,
    against,
    figure(ours.median),
    figure(ours.p95),
    figure(peer.median),
    figure(peer.p95),
    figure(ratio),
    most === undefined ? '-' : String(most),
    met === undefined ? '-' : met ? 'yes' : 'no',
  ])
  console.log(table(heads, rows))
}
