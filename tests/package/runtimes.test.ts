import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { copyOf, run, tool } from './fresh-project.ts'

const RUNTIMES = {
  Node: [process.execPath],
  Deno: [tool('.bin', 'deno'), 'run', '--allow-all', '--no-lock'],
  Bun: [tool('.bin', 'bun'), 'run'],
} as const

describe.each(Object.keys(RUNTIMES) as (keyof typeof RUNTIMES)[])('a module in %s keeps a store in a file', (name) => {
  const [program, ...command] = RUNTIMES[name]
  let project: string
  beforeAll(async () => {
    project = await copyOf(inject('project'), name, join(import.meta.dirname, 'consumer'))
    const options = ['--module', 'NodeNext', '--target', 'ES2022', '--skipLibCheck', '--typeRoots', tool('@types')]
    await run(project, process.execPath, tool('typescript', 'bin', 'tsc'), ...options, '--types', 'node', 'node.ts')
  })

  test.each([
    ['its own', [], 'local', 2],
    ['a worker', ['--worker'], 'worker-thread', 4],
  ] as const)('in %s thread', async (_, args, host, experiences) => {
    expect(JSON.parse(await run(project, program, ...command, 'node.js', ...args))).toEqual({
      host,
      experiences,
      advised: 'go',
      lockedOut: 'LOCKED',
      refused: 'INVALID_ARGUMENT',
    })
  })
})

test('a CommonJS module of Node requires the package and keeps a store in a file', async () => {
  const folder = await copyOf(inject('project'), 'required')
  const program = `
    const { openLearningStore, StoreError } = require('learning-store')
    const { openLearningStore: openEdgeStore } = require('learning-store/edge')
    async function learn() {
      for (const reward of [1, 0]) {
        const store = await openLearningStore({ storage: 'file:learning.db' })
        await (await store.agent('walker')).learn({ state: 1, action: 'go', reward, terminated: true })
        await store.close()
      }
      const store = await openLearningStore({ storage: 'file:learning.db', readOnly: true })
      const refused = await store.agent('other').catch((error) => error instanceof StoreError && error.code)
      const told = { experiences: await store.experiences.count(), refused }
      await store.close()
      await (await openEdgeStore({ storage: 'memory:' })).close()
      process.stdout.write(JSON.stringify(told))
    }
    void learn()
  `
  await writeFile(join(folder, 'main.cjs'), program)
  const told = await run(folder, process.execPath, 'main.cjs')
  expect(JSON.parse(told)).toEqual({ experiences: 2, refused: 'READ_ONLY' })
})
