import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { copyOf, install, run, versionOf } from './fresh-project.ts'
import { steps } from './readme.ts'
import { ToolServer } from './tool-server.ts'
import { LEARNED, learnedAt } from './visit.ts'

const NEXT = '16.4.6'
const EXPERIENCE = { state: 1, action: 'go', reward: 1, terminated: true }

test(`built by Next.js ${NEXT} a page learns, and routes on the edge and in Node, with what the README configures`, {
  timeout: 600_000,
}, async () => {
  const sources = ['next', 'page'].map((name) => join(import.meta.dirname, name))
  const folder = await copyOf(inject('project'), 'next', ...sources)
  const react = await versionOf('react')
  await install(folder, `next@${NEXT}`, `react@${react}`, `react-dom@${react}`)
  const next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next')
  const configuration = steps('Next.js', NEXT).find((step) => step.includes(':'))
  await writeFile(join(folder, 'next.config.js'), `export default { ${configuration} }`)
  await run(folder, process.execPath, next, 'build')
  const server = await ToolServer.start(folder, next, 'start')
  const route = async (path: string, body: object): Promise<unknown> =>
    (await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  try {
    expect(await learnedAt(server.url)).toEqual(LEARNED)
    expect(await route('/edge', EXPERIENCE)).toEqual({ host: 'local', advised: 'go' })
    expect(await route('/node', { ...EXPERIENCE, worker: false })).toEqual({ host: 'local', advised: 'go' })
    expect(await route('/node', { ...EXPERIENCE, worker: true })).toEqual({ host: 'worker-thread', advised: 'go' })
  } finally {
    await server.close()
  }
})
