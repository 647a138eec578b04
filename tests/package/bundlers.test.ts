import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { PageServer } from '../pages/server.ts'
import { copyOf, run, tool, versionOf } from './fresh-project.ts'
import { importMap, steps } from './readme.ts'
import { ToolServer } from './tool-server.ts'
import { LEARNED, type LearnResult, learnedAt } from './visit.ts'

const VITE = tool('vite', 'bin', 'vite.js')
const VITE_7 = tool('vite-7', 'bin', 'vite.js')
const [vite, vite7, webpack, esbuild, rollup] = await Promise.all(
  ['vite', 'vite-7', 'webpack', 'esbuild', 'rollup'].map(versionOf),
)

/** A project with the page and the package. */
function project(name: string): Promise<string> {
  return copyOf(inject('project'), name, join(import.meta.dirname, 'page'))
}

/** Serves a folder under a strict content security policy, with these scripts allowed besides. */
async function learnedIn(folder: string, scripts = ''): Promise<readonly LearnResult[]> {
  const server = await PageServer.start(folder, scripts)
  try {
    return await learnedAt(server.origin)
  } finally {
    await server.close()
  }
}

async function learnedFrom(folder: string, script: string): Promise<readonly LearnResult[]> {
  const server = await ToolServer.start(folder, script)
  try {
    return await learnedAt(server.url)
  } finally {
    await server.close()
  }
}

test(`built and served by Vite ${vite} the page learns, with nothing configured`, async () => {
  const folder = await project('vite')
  await run(folder, process.execPath, VITE, 'build')
  expect(await learnedIn(join(folder, 'dist'))).toEqual(LEARNED)
  expect(await learnedFrom(folder, VITE)).toEqual(LEARNED)
})

test(`built by Vite ${vite} with its worker as an ES module it learns, and the worker loads modules when it uses them`, async () => {
  const folder = await project('vite-modules')
  await writeFile(join(folder, 'vite.config.js'), `export default { ${steps('Vite', String(vite)).join()} }`)
  await run(folder, process.execPath, VITE, 'build')
  expect(await learnedIn(join(folder, 'dist'))).toEqual(LEARNED)
  const names = await readdir(join(folder, 'dist', 'assets'))
  expect(names.filter((name) => /^(recommendation|run-job)-.*\.js$/.test(name)).length).toBeGreaterThan(1)
})

test(`built and served by Vite ${vite7} it learns, with what the README configures`, async () => {
  const folder = await project('vite-7')
  await writeFile(join(folder, 'vite.config.js'), `export default { ${steps('Vite', String(vite7)).join()} }`)
  await run(folder, process.execPath, VITE_7, 'build')
  expect(await learnedIn(join(folder, 'dist'))).toEqual(LEARNED)
  expect(await learnedFrom(folder, VITE_7)).toEqual(LEARNED)
})

test(`built by webpack ${webpack} it learns, with nothing configured`, async () => {
  expect(steps('webpack', String(webpack))).toEqual([])
  const folder = await project('webpack')
  await run(folder, tool('.bin', 'webpack'), './main.js', '--mode', 'production', '--output-path', 'public')
  await cp(join(folder, 'index.html'), join(folder, 'public', 'index.html'))
  expect(await learnedIn(join(folder, 'public'))).toEqual(LEARNED)
})

test.each([
  ['esbuild', String(esbuild), ['--bundle', '--format=esm', '--splitting', '--outdir=public']],
  ['Rollup', String(rollup), ['--plugin', '@rollup/plugin-node-resolve={browser:true}', '--dir', 'public']],
] as const)('built by %s %s it learns, with the workers copied as the README says', async (name, version, args) => {
  const [copy = '', options = ''] = steps(name, version)
  const folder = await project(name)
  await writeFile(join(folder, 'options.js'), `export default { ${options} }`)
  await cp(join(folder, 'index.html'), join(folder, 'public', 'index.html'))
  await run(folder, 'sh', '-c', copy)
  await run(folder, tool('.bin', name.toLowerCase()), 'main.js', ...args)
  expect(await learnedIn(join(folder, 'public'))).toEqual(LEARNED)
})

test('a worker of its own that imports the worker of the package is that worker', async () => {
  const [copy = ''] = steps('esbuild', String(esbuild))
  const folder = await project('own-worker')
  const options = "workerUrl: '/own-worker.js', wasmUrl: '/worker/sql-wasm.wasm'"
  await writeFile(join(folder, 'options.js'), `export default { ${options} }`)
  await writeFile(join(folder, 'own-worker.js'), "import 'learning-store/worker/shared.js'\n")
  await cp(join(folder, 'index.html'), join(folder, 'public', 'index.html'))
  await run(folder, 'sh', '-c', copy)
  const bundle = ['--bundle', '--format=esm', '--splitting', '--outdir=public']
  await run(folder, tool('.bin', 'esbuild'), 'main.js', 'own-worker.js', ...bundle)
  expect(await learnedIn(join(folder, 'public'))).toEqual(LEARNED)
})

/** Puts an import map into the page, and returns what its policy must allow. */
async function mapImports(folder: string, map: string): Promise<string> {
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  await writeFile(join(folder, 'index.html'), page.replace('<script', `${map}<script`))
  const [, inline = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(map) ?? []
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`
}

test('without a bundler it learns, by the import map of the README', async () => {
  const folder = await project('unbundled')
  expect(await learnedIn(folder, await mapImports(folder, importMap()))).toEqual(LEARNED)
})

test('with the package on another origin it learns, in a worker of its own origin and in its own thread', async () => {
  const folder = await project('content-network')
  await cp(join(folder, 'node_modules', 'learning-store', 'dist', 'worker'), join(folder, 'worker'), {
    recursive: true,
  })
  await writeFile(join(folder, 'options.js'), "export default { workerUrl: '/worker/shared.js' }")
  const packages = await PageServer.start(inject('project'))
  try {
    const hash = await mapImports(folder, importMap().replaceAll('"/node_modules', `"${packages.origin}/node_modules`))
    await rm(join(folder, 'node_modules'), { recursive: true })
    expect(await learnedIn(folder, `${packages.origin} ${hash}`)).toEqual(LEARNED)
    expect([...packages.asked]).toContain('/node_modules/learning-store/dist/worker/sql-wasm.wasm')
  } finally {
    await packages.close()
  }
})
