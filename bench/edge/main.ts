import { rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { openLearningStore } from '../../src/entry/node.ts'
import { median } from '../median.ts'
import type { BenchOptions } from '../options.ts'
import { type ColdStart, coldStart, deployed } from './workerd.ts'
import { learned } from './workers/learned.ts'

const MIB = 1024 * 1024

/** What is started, each in a process of its own. */
const STEPS = [
  { name: 'a Worker that does nothing', worker: 'trivial', path: '/' },
  { name: 'bare sql.js: the same bytes, one SELECT', worker: 'bare', path: '/' },
  { name: 'this package, imported and not used', worker: 'ours', path: '/nothing' },
  { name: 'bytes: the store opened', worker: 'ours', path: '/open' },
  { name: 'bytes: the first recommendation', worker: 'ours', path: '/recommend' },
  { name: 'Durable Object: the store opened', worker: 'object', path: '/open' },
  { name: 'Durable Object: the first recommendation', worker: 'object', path: '/recommend' },
] as const

/** How long a Worker takes from the start of workerd to its first recommendation from a snapshot of 1 MiB. */
export async function benchEdge({ quick, json }: BenchOptions): Promise<void> {
  const snapshot = await snapshotOf(MIB)
  const workers = [...new Set(STEPS.map(({ worker }) => worker))]
  const folders = Object.fromEntries(
    await Promise.all(workers.map(async (worker) => [worker, await deployed(worker, snapshot)] as const)),
  )
  await coldStart(folders.object ?? '', `/fill/${MIB}`)
  const rounds = quick ? 3 : 30
  const starts = new Map<string, ColdStart[]>(STEPS.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, worker, path } of STEPS) {
      const start = await coldStart(folders[worker] ?? '', path)
      if (path === '/recommend' && !start.answer.includes('"action":"action-')) {
        throw new Error(`Expected a recommendation from the snapshot, got ${start.answer}`)
      }
      starts.get(name)?.push(start)
    }
  }
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true })

  const results = STEPS.map(({ name }) => {
    const of = (figure: 'listensMs' | 'answersMs' | 'cpuMs'): number =>
      median((starts.get(name) ?? []).map((one) => one[figure]))
    return { name, listensMs: of('listensMs'), answersMs: of('answersMs'), cpuMs: of('cpuMs') }
  })
  const size = (snapshot.length / MIB).toFixed(2)
  console.log(`A snapshot of ${size} MiB; medians of ${rounds}, in ms from the start of workerd`)
  console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}`)
  console.table(
    results.map(({ name, ...figures }) => ({
      name,
      ...Object.fromEntries(Object.entries(figures).map(([figure, ms]) => [figure, ms.toFixed(1)])),
    })),
  )
  const ratios = (['answersMs', 'cpuMs'] as const).flatMap((figure) => {
    const [nothing = Number.NaN, bare = Number.NaN] = results.map((one) => one[figure])
    return results
      .filter(({ name }) => name.endsWith('recommendation'))
      .map(({ name, [figure]: ours }) => {
        return { name, figure, toBare: ours / bare, withoutRuntime: (ours - nothing) / (bare - nothing) }
      })
  })
  console.table(ratios)
  if (json) writeFileSync(json, JSON.stringify({ bytes: snapshot.length, rounds, results, ratios }, null, 2))
}

async function snapshotOf(bytes: number): Promise<Uint8Array> {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1, now: () => Date.UTC(2026, 0, 1) })
  return await learned(store, bytes)
}
