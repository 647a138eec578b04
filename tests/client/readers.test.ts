import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { afterAll, expect, test } from 'vitest'
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

test('a reader of a file that does not exist creates nothing', async () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  for (const worker of [false, true]) {
    const opening = openLearningStore({ storage: `file:${join(empty, 'learning.db')}`, readOnly: true, worker })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_MISSING' })
  }
  expect(readdirSync(empty)).toEqual([])
})

test('a store in memory has no readers', async () => {
  await expect(openLearningStore({ storage: 'memory:', readOnly: true })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  await expect(openLearningStore({ storage: 'memory:', readOnly: 1 as never })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
})
