import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ObservationOptions, openLearningStore } from 'learning-store'
import { afterAll, vi } from 'vitest'
import { clientContract } from './client-contract.ts'
import { watchingContract } from './live-contract.ts'
import { operationsContract } from './operations-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

for (const worker of [false, true]) {
  const name = worker ? 'in a worker thread' : 'local'
  const harness = {
    batches: worker,
    open: (options: { durability: 'relaxed' | 'strict' } & ObservationOptions) =>
      openLearningStore({ storage: `file:${join(folder, `${files++}.db`)}`, seed: 7, worker, ...options }),
    reports: () => vi.spyOn(process, 'emitWarning').mockImplementation(() => {}),
  }
  clientContract(name, harness)
  watchingContract(name, harness)
  operationsContract(name, harness)
}
