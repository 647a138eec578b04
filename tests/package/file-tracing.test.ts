import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'
import { beforeAll, expect, inject, test } from 'vitest'
import { copyOf, run } from './fresh-project.ts'

const PACKAGE = join('node_modules', 'learning-store')
const LEARNED = { experiences: 1, advised: 'go', exported: true }

let project: string
let traced: readonly string[]
beforeAll(async () => {
  project = await copyOf(inject('project'), 'traced', join(import.meta.dirname, 'node-program'))
  traced = [...(await nodeFileTrace([join(project, 'main.js')], { base: project, processCwd: project })).fileList]
})

/** Another folder, without installed packages, that has the traced files alone. */
async function moved(name: string): Promise<string> {
  const folder = join(project, '..', name)
  for (const file of traced) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await cp(join(project, file), join(folder, file))
  }
  return folder
}

test('file tracing finds SQLite, the worker thread and every module that is loaded when first used', async () => {
  expect(traced).toContain(join(PACKAGE, 'dist', 'worker', 'sql-wasm.wasm'))
  expect(traced).toContain(join(PACKAGE, 'dist', 'worker', 'node.js'))
  const modules = traced.filter((file) => file.startsWith(join(PACKAGE, 'dist')) && file.endsWith('.js'))
  const lazy = await Promise.all(
    modules.map(async (file) => {
      const text = await readFile(join(project, file), 'utf8')
      return [...text.matchAll(/import\('(\.[^']+)'\)/g)].map(([, path = '']) => join(dirname(file), path))
    }),
  )
  expect(lazy.flat().length).toBeGreaterThan(20)
  expect(lazy.flat().filter((file) => !traced.includes(file))).toEqual([])
})

test.each([
  ['its own', [], 'local'],
  ['a worker', ['--worker'], 'worker-thread'],
] as const)('in another folder the traced files keep a store in %s thread', async (_, args, host) => {
  const folder = await moved(`traced-${host}`)
  expect(JSON.parse(await run(folder, process.execPath, 'main.js', ...args))).toEqual({ host, ...LEARNED })
})

test('without the file of SQLite the store says where it looked and what to do', async () => {
  const folder = await moved('traced-without-sqlite')
  const wasm = join(PACKAGE, 'dist', 'worker', 'sql-wasm.wasm')
  await rm(join(folder, wasm))
  const message = expect.stringMatching(/ENOENT.*sql-wasm\.wasm.*pass `wasm`/)
  for (const args of [[], ['--worker']]) {
    const told = JSON.parse(await run(folder, process.execPath, 'main.js', ...args))
    expect(told).toEqual({ name: 'StoreError', code: 'MODULE_LOAD_FAILED', message })
  }
})

test('without the script of the worker thread the store says that, and what to do', async () => {
  const folder = await moved('traced-without-worker')
  await rm(join(folder, PACKAGE, 'dist', 'worker', 'node.js'))
  const told = JSON.parse(await run(folder, process.execPath, 'main.js', '--worker'))
  const message = expect.stringMatching(/Cannot find module.*set `workerUrl`/)
  expect(told).toEqual({ name: 'StoreError', code: 'WORKER_LOST', message })
})
