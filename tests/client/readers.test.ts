import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { afterAll } from 'vitest'
import { readerClientContract } from './reader-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

for (const worker of [false, true]) {
  readerClientContract(worker ? 'in a worker thread' : 'local', {
    async open() {
      const storage = `file:${join(folder, `${files++}.db`)}` as const
      const writer = await openLearningStore({ storage, seed: 7 })
      return { writer, read: (options) => openLearningStore({ storage, readOnly: true, worker, ...options }) }
    },
  })
}
