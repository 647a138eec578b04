import { rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { openLearningStore } from '../../src/index.ts'
import { median } from '../median.ts'
import type { BenchOptions } from '../options.ts'
import { coldStart, deployed } from './workerd.ts'
import { QUESTION } from './workers/question.ts'

const MIB = 1024 * 1024
const STATES = 500

/** What is started, each in a process of its own. */
const STEPS = [
  { name: 'a Worker that does nothing', worker: 'trivial', path: '/' },
  { name: 'bare sql.js: the same bytes, one SELECT', worker: 'bare', path: '/' },
  { name: 'this package, imported and not used', worker: 'ours', path: '/nothing' },
  { name: 'and the store opened', worker: 'ours', path: '/open' },
  { name: 'and the first recommendation', worker: 'ours', path: '/recommend' },
] as const

/** How long a Worker takes from the start of workerd to its first recommendation from a snapshot of 1 MiB. */
export async function benchEdge({ quick, json }: BenchOptions): Promise<void> {
  const snapshot = await snapshotOf(MIB)
  const workers = [...new Set(STEPS.map(({ worker }) => worker))]
  const folders = Object.fromEntries(
    await Promise.all(workers.map(async (worker) => [worker, await deployed(worker, snapshot)] as const)),
  )
  const rounds = quick ? 3 : 30
  const listens = new Map<string, number[]>()
  const answers = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const { name, worker, path } of STEPS) {
      const { listensMs, answersMs } = await coldStart(folders[worker] ?? '', path)
      listens.set(name, [...(listens.get(name) ?? []), listensMs])
      answers.set(name, [...(answers.get(name) ?? []), answersMs])
    }
  }
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true })

  const results = STEPS.map(({ name }) => {
    return { name, listensMs: median(listens.get(name) ?? []), answersMs: median(answers.get(name) ?? []) }
  })
  const [nothing = Number.NaN, bare = Number.NaN, , , ours = Number.NaN] = results.map(({ answersMs }) => answersMs)
  console.log(
    `A snapshot of ${(snapshot.length / MIB).toFixed(2)} MiB; medians of ${rounds}, in ms from the start of workerd`,
  )
  console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}`)
  console.table(
    results.map((one) => ({ ...one, listensMs: one.listensMs.toFixed(1), answersMs: one.answersMs.toFixed(1) })),
  )
  const ratio = ours / bare
  const beyondRuntime = (ours - nothing) / (bare - nothing)
  console.log(
    `First recommendation: ${ratio.toFixed(2)} of bare sql.js, ${beyondRuntime.toFixed(2)} without what the runtime takes`,
  )
  if (json)
    writeFileSync(json, JSON.stringify({ bytes: snapshot.length, rounds, results, ratio, beyondRuntime }, null, 2))
}

/** A store that has learned until it is so large. */
async function snapshotOf(bytes: number): Promise<Uint8Array> {
  await using store = await openLearningStore({ place: 'memory:', seed: 1, now: () => Date.UTC(2026, 0, 1) })
  const agent = await store.agent(QUESTION.agentId)
  for (let i = 0; ; i += 100) {
    const snapshot = await store.snapshot()
    if (snapshot.length >= bytes) return snapshot
    await agent.learnMany(
      Array.from({ length: 100 }, (_, k) => ({
        ...{ state: `state-${(i + k) % STATES}`, action: `action-${(i + k) % 7}`, reward: ((i + k) % 11) / 10 },
        terminated: true,
      })),
    )
  }
}
