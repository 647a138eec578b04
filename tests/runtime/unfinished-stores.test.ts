import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const entry = pathToFileURL(join(import.meta.dirname, '..', '..', 'dist', 'src', 'entry', 'node.js'))
const folder = mkdtempSync(join(tmpdir(), 'unfinished-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A store that has learned something, which its storage begins to write later. */
const LEARNED = `
  import { bytesStorage, openLearningStore } from '${entry}'
  let isHeld = false
  const storage = bytesStorage({ save: () => (isHeld ? new Promise(() => {}) : undefined) })
  const store = await openLearningStore({ storage })
  const agent = await store.agent('router')
  await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
`
const WARNING = /^\(learning-store\) Warning: \d commits? (is|are) not durable in bytes.*, which was not closed\. .+\n$/

interface Ended {
  readonly end: number | string
  readonly errors: string
}

/** Runs a module in a process of its own, and ends it with a signal once it prints something. */
async function run(code: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: folder })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors += text
  })
  child.stdout.once('data', () => child.kill(signal))
  const [exitCode, by] = await once(child, 'close')
  return { end: exitCode ?? by, errors }
}

test('a process that ends without closing its store says how many commits were not durable', async () => {
  expect(await run(LEARNED)).toEqual({ end: 0, errors: expect.stringMatching(WARNING) })
})

test('so does one that exits, with its own exit code', async () => {
  expect(await run(`${LEARNED} process.exit(3)`)).toEqual({ end: 3, errors: expect.stringMatching(WARNING) })
})

test.each(['SIGTERM', 'SIGINT'] as const)('so does one that %s ends, as it would otherwise', async (signal) => {
  const code = `${LEARNED} isHeld = true; setInterval(() => {}, 1000); console.log('ready')`
  expect(await run(code, signal)).toEqual({ end: signal, errors: expect.stringMatching(WARNING) })
})

test.each([['before'], ['after']])(
  'one that handles SIGTERM itself from %s the opening on can close the store, and says nothing',
  async (when) => {
    const handled = `process.once('SIGTERM', async () => {
    await store.flush()
    await store.close()
    console.log('closed')
    process.exit(0)
  })`
    const code = when === 'before' ? `${handled}\n${LEARNED}` : `${LEARNED} ${handled}`
    expect(await run(`${code}; setInterval(() => {}, 1000); console.log('ready')`)).toEqual({ end: 0, errors: '' })
  },
)

test('one whose libraries wait for being the only listener of a signal ends by it', async () => {
  // As the package signal-exit does.
  const library = `const last = () => {
    if (process.listenerCount('SIGTERM') === 1) { process.removeListener('SIGTERM', last); process.kill(process.pid, 'SIGTERM') }
  }
  process.on('SIGTERM', last)`
  const ended = await run(`${LEARNED} ${library}; setInterval(() => {}, 1000); console.log('ready')`)
  expect(ended.end).toBe('SIGTERM')
})

test('a second signal is reported, too', async () => {
  const code = `${LEARNED} isHeld = true
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    process.once('SIGTERM', () => setImmediate(() => process.kill(process.pid, 'SIGTERM')))
    setInterval(() => {}, 1000); console.log('ready')`
  expect(await run(code)).toEqual({ end: 'SIGTERM', errors: expect.stringMatching(WARNING) })
})

test('one that has flushed or closed its store says nothing', async () => {
  expect(await run(`${LEARNED} await store.flush()`)).toEqual({ end: 0, errors: '' })
  expect(await run(`${LEARNED} await store.close()`)).toEqual({ end: 0, errors: '' })
})

test('a store in a file names the file', async () => {
  const code = LEARNED.replace('openLearningStore({ storage })', "openLearningStore({ storage: 'file:a.db' })")
  const { end, errors } = await run(`${code} process.exit(0)`)
  expect([end, errors]).toEqual([0, expect.stringContaining(`not durable in file:${join(folder, 'a.db')}`)])
})
