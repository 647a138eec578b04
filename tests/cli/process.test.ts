import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { Desk, main, threeAgents } from './program.ts'

/** What needs a process of its own: exit codes, the environment, pipes, terminals, signals, completion, locks. */

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

const ESCAPE = String.fromCharCode(27)

describe('a process ends', () => {
  test('with 0 after success', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(desk.runProcess('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    expect(desk.runProcess('learn', 'status')).toMatchObject({ status: 0, stdout: expect.stringContaining('crawler') })
  })

  test('with 1 after a failure', () => {
    const { status, stdout, stderr } = desk.runProcess('verify', '--storage', 'file:none.db', '--json')
    expect([status, stdout]).toEqual([1, ''])
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'NO_STORE' } })
  })

  test('with 2 after an invalid command line', () => {
    const { status, stdout, stderr } = desk.runProcess('verify', '--loud')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain("unknown option '--loud'")
  })
})

test('the environment names the storage, and forces no colors', () => {
  const env = { LEARNING_STORE: `file:${desk.path('.agentic-qe/memory.db')}`, FORCE_COLOR: '1', CI: 'true' }
  const { status, stdout } = desk.runProcessWith(env, 'verify')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^ok {2}/)])
})

describe('a pipe', () => {
  test('that the reader closes is no error', () => {
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) SELECT i FROM n'
    const command = `'${process.execPath}' '${main}' query '${sql}' --limit 99999 | head -n 2`
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
      cwd: desk.folder,
      encoding: 'utf8',
    })
    expect([status, stdout.split('\n'), stderr]).toEqual([0, ['    i', '    1', ''], ''])
  })

  test.skipIf(!existsSync('/dev/full'))('that cannot be written to is an error in one line', () => {
    const { status, stderr } = desk.runInto('/dev/full', 'tables')
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error STORAGE_ERROR Cannot write to standard output: .+\n$/),
    ])
  })
})

describe('a terminal', () => {
  test('shows colors, and tables of its width', () => {
    expect(desk.runProcessAtTerminal('', 'verify').stdout).toContain(`${ESCAPE}[32mok`)
    const { stdout } = desk.runProcessAtTerminal('', 'learn', 'history', '--limit', '3')
    const bare = stdout.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    for (const line of bare.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(80)
    expect(bare).toContain('…')
  })

  test('asks before a destructive command', async () => {
    await using fresh = await Desk.make()
    await fresh.teach(threeAgents)
    const refused = fresh.runProcessAtTerminal('n\n', 'learn', 'reset', '--agent', 'crawler')
    expect(refused).toMatchObject({ status: 2, stdout: expect.stringContaining('Proceed? [y/N]') })
    expect(readdirSync(fresh.path('.agentic-qe')).filter((name) => name.endsWith('.snapshot'))).toEqual([])
    expect(fresh.runProcessAtTerminal('y\n', 'learn', 'reset', '--agent', 'crawler').status).toBe(0)
    const { agents } = (await fresh.json('learn', 'status')) as { agents: { experiences: number }[] }
    expect(agents.map((one) => one.experiences)).toEqual([0, 12, 12])
  })

  test('interrupts an import, which changes nothing', async () => {
    writeFileSync(desk.path('many.csv'), `state,action,reward\n${'1,2,3\n'.repeat(200_000)}`)
    const { status, stdout } = await desk.runProcessUntil(/\d experiences/, '\u0003', 'import', 'many.csv')
    expect([status, stdout]).toEqual([130, expect.stringContaining('Interrupted before anything was changed')])
    expect(await desk.json('query', 'SELECT count(*) FROM learning_experiences', '--columns')).toMatchObject({
      rows: [[36]],
    })
  })
})

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('prints a script for %s', (shell) => {
    const { status, stdout } = desk.runProcess('completion', shell)
    expect(status).toBe(0)
    expect(stdout).toContain('learning-store')
    expect(stdout).toContain('complete')
  })

  test('completes commands and options', () => {
    const words = (...typed: string[]): string[] => {
      const { stdout } = desk.runProcess('complete', '--', ...typed)
      return stdout.split('\n').map((line) => line.split('\t')[0] ?? '')
    }
    expect(words('learn', '')).toEqual(expect.arrayContaining(['status', 'history', 'train', 'reset']))
    expect(words('ver')).toContain('verify')
    expect(words('learn', 'history', '--li')).toContain('--limit')
    expect(words('learn', 'history', '--st')).toContain('--storage')
    expect(words('--st')).toContain('--storage')
    expect(words('--storage', 'file:x.db', 'ver')).toContain('verify')
    expect(words('--storage', 'file:x.db', 'learn', 'hist')).toContain('history')
  })
})

test('a store that another process has open is LOCKED for what writes, at once with --wait 0', async () => {
  const storage = `file:${desk.path('busy.db')}` as const
  const store = await openLearningStore({ storage })
  const { status, stderr } = desk.runProcess('learn', 'train', '--storage', storage, '--wait', '0')
  expect(status).toBe(1)
  expect(stderr).toMatch(new RegExp(`LOCKED .*process ${process.pid}`))
  await store.close()
  expect(desk.runProcess('learn', 'train', '--storage', storage, '--wait', '0').status).toBe(0)
})
