import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Desk, main } from './program.ts'

/** The commands that only read, beside an agent that learns in a process of its own. */

const entry = join(import.meta.dirname, '..', '..', 'dist', 'src', 'entry', 'node.js')

/** Learns once for each line that it reads, and names the state. */
const AGENT = `
import { createInterface } from 'node:readline'
import { openLearningStore } from ${JSON.stringify(entry)}
const store = await openLearningStore({ storage: 'file:learning.db' })
const agent = await store.agent('router', { type: 'routing' })
await store.testPatterns.upsert({ name: 'guard', content: 'expect(api)', patternType: 'template', framework: 'vitest' }).catch(() => {})
let count = 0
const learn = async () => {
  await agent.learn({ state: 'state ' + count, action: 'queue', reward: 1, terminated: true, id: 'e' + count++ })
  await store.flush()
}
await learn()
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  await learn()
  console.log('state ' + (count - 1))
}
await store.close()
`

let desk: Desk
let agent: ReturnType<typeof spawn>
let lines: AsyncIterator<string>
beforeAll(async () => {
  desk = await Desk.make()
  agent = spawn(process.execPath, ['--input-type=module', '--eval', AGENT], {
    cwd: desk.folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  lines = linesOf(agent)
  expect(await lines.next()).toMatchObject({ value: 'ready' })
})
afterAll(async () => {
  agent.stdin?.end()
  if (agent.exitCode === null) await once(agent, 'exit')
  await desk[Symbol.asyncDispose]()
})

function linesOf(process: ReturnType<typeof spawn>): AsyncIterator<string> {
  if (!process.stdout) throw new Error('Expected a pipe')
  return createInterface({ input: process.stdout })[Symbol.asyncIterator]()
}

/** Returns the state of what was learned. */
async function learn(): Promise<string> {
  agent.stdin?.write('\n')
  return String((await lines.next()).value)
}

const STORAGE = ['--storage', 'file:learning.db', '--wait', '0']

describe('while an agent learns in another process', () => {
  test('its store can be merged into another one', async () => {
    const { status, stdout } = desk.runProcess(
      'merge',
      'learning.db',
      '--storage',
      'file:merged.db',
      '--wait',
      '0',
      '--json',
    )
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ merged: { agents: 1, added: 1 } }] })
  })

  test.each([
    [['learn', 'status']],
    [['learn', 'history']],
    [['learn', 'export', '--agent', 'router']],
    [['patterns', 'list']],
    [['patterns', 'search', 'guard']],
    [['patterns', 'stats']],
    [['export']],
    [['verify']],
    [['tables']],
    [['query', 'SELECT count(*) FROM learning_experiences']],
  ])('%s reads', async (command) => {
    const { status, stdout, stderr } = await desk.run(...command, ...STORAGE)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).not.toBe('')
  })

  test('each command shows what was learned before it', async () => {
    const count = async (): Promise<unknown> =>
      (
        (await desk.json('query', 'SELECT count(*) FROM learning_experiences', '--columns', ...STORAGE)) as {
          rows: unknown[][]
        }
      ).rows[0]?.[0]
    const before = (await count()) as number
    await learn()
    await learn()
    expect(await count()).toBe(before + 2)
  })

  test('snapshot writes one file with everything', async () => {
    await learn()
    const counted = 'SELECT count(*) FROM learning_experiences'
    const before = await desk.json('query', counted, ...STORAGE)
    expect((await desk.run('snapshot', '--output', 'copy.db', ...STORAGE)).status).toBe(0)
    expect(await desk.json('query', counted, '--storage', 'file:copy.db')).toEqual(before)
  })

  test('what writes is LOCKED', async () => {
    for (const command of [
      ['learn', 'train'],
      ['patterns', 'delete', 'guard', '--confirm'],
      ['learn', 'disable', '--all'],
    ]) {
      const { status, stderr } = await desk.run(...command, ...STORAGE)
      expect([status, stderr]).toEqual([1, expect.stringContaining('LOCKED')])
    }
  })

  test.each([[['--json']], [[]]])(
    'learn history --follow %s prints each new experience until it is interrupted',
    async (options) => {
      const args = ['learn', 'history', '--follow', '--agent', 'routing', ...options, ...STORAGE]
      const following = spawn(process.execPath, [main, ...args], {
        cwd: desk.folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const printed = linesOf(following)
      await printed.next()
      for (let i = 0; i < 2; i++) {
        const state = await learn()
        let line: string
        do line = String((await printed.next()).value)
        while (!line.includes(state))
        if (options.length > 0) expect(JSON.parse(line)).toMatchObject({ agentId: 'router', state })
        else expect(line).toMatch(/^\S+Z {2}router {2}.* {2}queue {2}1$/)
      }
      following.kill('SIGINT')
      expect(await once(following, 'exit')).toEqual([0, null])
    },
  )
})

describe('a store that cannot be written', () => {
  let other: Desk
  const mounted = (): string => other.path('mount')
  let isMounted = false
  beforeAll(async () => {
    other = await Desk.make()
    mkdirSync(mounted())
    // A schema that is not the current one, whose upgrade must not be written either.
    copyFileSync(join(import.meta.dirname, '..', 'fixtures', 'schema-5.db'), join(mounted(), 'old.db'))
    chmodSync(mounted(), 0o555)
    const mount = spawnSync('mount', ['--bind', '-o', 'ro', mounted(), mounted()])
    isMounted = mount.status === 0
  })
  afterAll(async () => {
    if (isMounted) spawnSync('umount', [mounted()])
    chmodSync(mounted(), 0o755)
    await other[Symbol.asyncDispose]()
  })

  test('is read, on a read-only mount too, and nothing in it changes', async ({ skip }) => {
    skip(process.getuid?.() === 0 && !isMounted, 'root may write everywhere, and may not mount here')
    await expect(writeFile(join(mounted(), 'new'), '')).rejects.toThrow()
    const content = (): unknown => [readdirSync(mounted()), readFileSync(join(mounted(), 'old.db'), 'latin1')]
    const before = content()
    const commands = [
      ['verify'],
      ['learn', 'status'],
      ['learn', 'history'],
      ['tables'],
      ['snapshot', '--output', 'copy.db'],
    ]
    for (const command of commands) {
      const { status, stderr } = await other.run(...command, '--storage', 'file:mount/old.db')
      expect([command, status, stderr]).toEqual([command, 0, ''])
    }
    expect(content()).toEqual(before)
    expect((await other.run('learn', 'train', '--storage', 'file:mount/old.db')).status).toBe(1)
  })
})
