import { cp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { copyOf, install, run, versionOf } from './fresh-project.ts'
import { steps } from './readme.ts'
import { ToolServer } from './tool-server.ts'
import { LEARNED, learnedAt } from './visit.ts'

const NEXT = '16.4.6'
const EXPERIENCE = { state: 1, action: 'go', reward: 1, terminated: true }
const CONFIGURATION = steps('Next.js', NEXT).find((step) => step.includes(':'))

let folder: string
let next: string
beforeAll(async () => {
  const sources = ['next', 'page'].map((name) => join(import.meta.dirname, name))
  folder = await copyOf(inject('project'), 'next', ...sources)
  const react = await versionOf('react')
  await install(folder, `next@${NEXT}`, `react@${react}`, `react-dom@${react}`)
  next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next')
})

async function build(configuration: string, ...options: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'next.config.js'), `export default { ${configuration} }`)
  await run(folder, process.execPath, next, 'build', ...options)
}

async function post(server: ToolServer, path: string, body: object): Promise<unknown> {
  return (await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
}

/** The page learns, and so does the route in Node, in its own thread and in a worker. */
async function expectLearning(server: ToolServer): Promise<void> {
  expect(await learnedAt(server.url)).toEqual(LEARNED)
  const at = (worker: boolean): Promise<unknown> => post(server, '/node', { ...EXPERIENCE, worker })
  expect(await at(false)).toEqual({ host: 'local', advised: 'go' })
  expect(await at(true)).toEqual({ host: 'worker-thread', advised: 'go' })
}

test(`built by Next.js ${NEXT} a page learns, and routes on the edge and in Node, with what the README configures`, async () => {
  await build(String(CONFIGURATION))
  const server = await ToolServer.start(folder, next, 'start')
  try {
    await expectLearning(server)
    expect(await post(server, '/edge', EXPERIENCE)).toEqual({ host: 'local', advised: 'go' })
  } finally {
    await server.close()
  }
})

test('built with webpack as a standalone server it learns in another folder', async () => {
  // With webpack, this Next.js does not build routes on the edge.
  await rm(join(folder, 'app', 'edge'), { recursive: true })
  await build(`${CONFIGURATION}, output: 'standalone'`, '--webpack')
  const elsewhere = `${folder}-elsewhere`
  await rename(join(folder, '.next', 'standalone'), elsewhere)
  // As the documentation of Next.js says.
  await cp(join(folder, '.next', 'static'), join(elsewhere, '.next', 'static'), { recursive: true })
  await rename(folder, `${folder}-gone`)
  const server = await ToolServer.start(elsewhere, join(elsewhere, 'server.js'))
  await expectLearning(server).finally(() => server.close())
})
