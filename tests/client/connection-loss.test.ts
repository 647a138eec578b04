import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { openLearningStore } from 'learning-store'
import { afterAll } from 'vitest'
import { lossContract } from './connection-loss-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
const workers: Worker[] = []
let files = 0

process.on('worker', (worker) => {
  if (worker instanceof Worker) workers.push(worker)
})

lossContract('of a worker thread', {
  open: (options = {}) =>
    openLearningStore({ storage: `file:${join(folder, `${files}.db`)}`, seed: 7, worker: true, ...options }),
  async reset() {
    files++
  },
  async kill() {
    await workers.at(-1)?.terminate()
  },
  started: () => workers.length,
})
