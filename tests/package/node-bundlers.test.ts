import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { copyOf, run, tool, versionOf } from './fresh-project.ts'
import { steps } from './readme.ts'

const [esbuild, rolldown, webpack, bun] = await Promise.all(['esbuild', 'rolldown', 'webpack', 'bun'].map(versionOf))
const LEARNED = { host: 'local', experiences: 1, advised: 'go', exported: true }

/** A project with the program and the package. @param options a module of the options of its store */
async function project(name: string, options?: string): Promise<string> {
  const folder = await copyOf(inject('project'), name, join(import.meta.dirname, 'node-program'))
  if (options !== undefined) await writeFile(join(folder, 'options.js'), options)
  return folder
}

/** The module of options that the README's row for a tool asks for. @param more of its properties */
function withWasm(row: readonly string[], more = ''): string {
  const importing = row.find((step) => step.startsWith('import '))
  return `${importing}\nexport default { wasm, ${more} }\n`
}

/** Moves the bundle to where no package is installed. */
async function moved(folder: string): Promise<string> {
  const elsewhere = `${folder}-elsewhere`
  await rename(join(folder, 'out'), elsewhere)
  return elsewhere
}

async function told(folder: string, program: string, ...args: readonly string[]): Promise<unknown> {
  return JSON.parse(await run(folder, program, ...args))
}

describe.each([
  ['esm', '.mjs', "new URL('./worker.mjs', import.meta.url)"],
  ['cjs', '.cjs', "require('node:path').join(__dirname, 'worker.cjs')"],
] as const)(`bundled for Node by esbuild ${esbuild} as %s`, (format, extension, worker) => {
  const bundle = (folder: string, ...args: readonly string[]): Promise<string> => {
    const output = [`--format=${format}`, `--out-extension:.js=${extension}`, '--outdir=out']
    return run(folder, tool('.bin', 'esbuild'), '--bundle', '--platform=node', ...output, ...args)
  }

  test('a program learns, in its own thread and in a worker, as the README and its page on bundling say', async () => {
    const row = steps('esbuild', String(esbuild), 'Node')
    const [loader = ''] = row.filter((step) => step.startsWith('--loader'))
    const folder = await project(`node-${format}`, withWasm(row, `workerUrl: ${worker}`))
    await writeFile(join(folder, 'worker.js'), "import 'learning-store/worker/node.js'\n")
    await bundle(folder, loader, 'main.js', 'worker.js')
    const elsewhere = await moved(folder)
    expect(await told(elsewhere, process.execPath, `main${extension}`)).toEqual(LEARNED)
    const inWorker = { ...LEARNED, host: 'worker-thread', experiences: 2 }
    expect(await told(elsewhere, process.execPath, `main${extension}`, '--worker')).toEqual(inWorker)
  })

  test('a program without these steps is told what to do', async () => {
    const folder = await project(`node-${format}-bare`)
    await bundle(folder, 'main.js')
    const elsewhere = await moved(folder)
    const noSqlite = { code: 'MODULE_LOAD_FAILED', message: expect.stringContaining('pass `wasm`') }
    expect(await told(elsewhere, process.execPath, `main${extension}`)).toMatchObject(noSqlite)
    const noWorker = { code: 'WORKER_LOST', message: expect.stringContaining('set `workerUrl`') }
    expect(await told(elsewhere, process.execPath, `main${extension}`, '--worker')).toMatchObject(noWorker)
  })
})

test(`bundled for Node by Rolldown ${rolldown} it learns, as the README says`, async () => {
  const row = steps('Rolldown', String(rolldown), 'Node')
  const types = row.filter((step) => step.startsWith('--module-types')).flatMap((step) => step.split(' '))
  const folder = await project('node-rolldown', withWasm(row))
  await run(folder, tool('.bin', 'rolldown'), 'main.js', '--platform', 'node', ...types, '--dir', 'out')
  expect(await told(await moved(folder), process.execPath, 'main.js')).toEqual(LEARNED)
})

test(`bundled for Node by webpack ${webpack} it learns, with nothing configured`, async () => {
  expect(steps('webpack', String(webpack), 'Node')).toEqual([])
  const folder = await project('node-webpack')
  const options = ['--target', 'node', '--mode', 'production', '--output-path', 'out', '--output-filename', 'main.cjs']
  await run(folder, tool('.bin', 'webpack'), './main.js', ...options)
  expect(await told(await moved(folder), process.execPath, 'main.cjs')).toEqual(LEARNED)
})

test(`compiled by Bun ${bun} it learns, as the README says`, async () => {
  const row = steps('Bun', String(bun), 'Node')
  const folder = await project('node-bun', withWasm(row))
  await run(folder, tool('.bin', 'bun'), 'build', '--compile', 'main.js', '--outfile', join('out', 'main'))
  const elsewhere = await moved(folder)
  await rm(folder, { recursive: true })
  expect(await told(elsewhere, join(elsewhere, 'main'))).toEqual(LEARNED)
})
