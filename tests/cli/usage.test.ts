import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { LearningEngine, openLearningStore } from '../../src/entry/node.ts'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

const ESCAPE = String.fromCharCode(27)

describe('help', () => {
  test('tells every command, the exit codes and how to complete', () => {
    const { status, stdout, stderr } = desk.run()
    expect([status, stderr]).toEqual([0, ''])
    for (const { name } of COMMANDS) expect(stdout).toContain(name.split(' ')[0])
    expect(stdout).toContain('Exit codes: 0')
    expect(desk.run('--help').stdout).toBe(stdout)
  })

  test.each(COMMANDS.map(({ name, examples }) => [name, examples] as const))('of %s has examples', (name, examples) => {
    const { status, stdout } = desk.run(...name.split(' '), '--help')
    expect(status).toBe(0)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(stdout).toContain(`  learning-store ${example}\n`)
    for (const option of ['--storage', '--json', '--wait']) expect(stdout).toContain(option)
  })

  test('the version is that of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(desk.run('--version').stdout).toBe(`${version}\n`)
  })
})

describe('a command that was not written as it must be', () => {
  test.each([
    [['nothing'], "unknown command 'nothing'"],
    [['learn', 'nothing'], "unknown command 'nothing'"],
    [['verify', '--loud'], "unknown option '--loud'"],
    [['query'], "missing required argument 'sql'"],
    [['verify', 'more'], 'too many arguments'],
    [['learn', 'history', '--limit', 'abc'], 'Expected a whole number'],
    [['learn', 'history', '--limit', '-1'], 'Expected a whole number'],
    [['learn', 'history', '--limit', '1e3'], 'Expected a whole number'],
    [['patterns', 'list', '--min-confidence', '2'], 'Expected a number from 0 to 1'],
    [['patterns', 'list', '--framework', 'foo'], 'Expected --framework to be one of jest, mocha'],
    [['patterns', 'search', 'x', '--type', 'foo'], 'Expected --type to be one of edge-case'],
    [
      ['export', '--format', 'foo'],
      'Expected --format to be one of json-lines, csv, learning-model-state, agentic-qe, sqlite',
    ],
    [['export', '--format', 'csv', '--what', 'foo'], 'Expected --what to be one of experiences, values, patterns, got'],
    [['export', '--what', 'values'], '--what needs --format csv'],
    [['import', 'a', '--format', 'foo'], 'Expected --format to be one of learning-store'],
    [['verify', '--storage', 'nope.db'], 'did you mean --storage file:nope.db'],
  ])('ends with 2: %j', (args, message) => {
    const { status, stdout, stderr } = desk.run(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    const json = desk.run(...args, '--json')
    expect([json.status, json.stdout]).toEqual([2, ''])
    expect(JSON.parse(json.stderr)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining(message) } })
  })
})

describe('colours', () => {
  test('are there at a terminal only, and not where NO_COLOR is set', () => {
    expect(desk.runAtTerminal('', 'verify').stdout).toContain(`${ESCAPE}[32msound`)
    expect(desk.run('verify').stdout).not.toContain(ESCAPE)
    expect(desk.runWith({ FORCE_COLOR: '1', CI: 'true' }, 'verify').stdout).not.toContain(ESCAPE)
    expect(desk.runWith({ NO_COLOR: '1' }, 'learn', 'status').stdout).not.toContain(ESCAPE)
  })

  test('long work shows how far it is at a terminal, and nowhere else', () => {
    const args = ['learn', 'train', '--iterations', '40'] as const
    expect(desk.runAtTerminal('', ...args).stdout).toContain('training')
    expect(desk.run(...args).stderr).toBe('')
  })

  test('work whose end is not known shows how much is done', () => {
    writeFileSync(desk.path('many.csv'), `state,action,reward\n${'1,2,3\n'.repeat(5_000)}`)
    const { stdout } = desk.runAtTerminal('', 'import', 'many.csv', '--dry-run')
    expect(stdout).toMatch(/\d experiences/)
    expect(stdout).not.toContain('/0')
  })

  test('at a terminal no line of a table is wider than it', () => {
    const { stdout } = desk.runAtTerminal('', 'learn', 'history', '--limit', '3')
    const bare = stdout.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    for (const line of bare.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(80)
    expect(bare).toContain('…')
  })
})

test.skipIf(!existsSync('/dev/full'))('an answer that cannot be written is an error in one line', () => {
  const { status, stderr } = desk.runInto('/dev/full', 'tables')
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^error STORAGE_ERROR Expected to write the answer: .+\n$/),
  ])
})

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('gives a script for %s', (shell) => {
    const { status, stdout } = desk.run('completion', shell)
    expect(status).toBe(0)
    expect(stdout).toContain('learning-store')
    expect(stdout).toContain('complete')
  })

  test('knows commands and options', () => {
    const words = (...typed: string[]): string[] =>
      desk
        .run('complete', '--', ...typed)
        .stdout.split('\n')
        .map((line) => line.split('\t')[0] ?? '')
    expect(words('learn', '')).toEqual(expect.arrayContaining(['status', 'history', 'train', 'reset']))
    expect(words('ver')).toContain('verify')
    expect(words('learn', 'history', '--li')).toContain('--limit')
  })
})

test('an agent that is not there is answered with those that are, and their types', async () => {
  await using many = await Desk.make()
  await many.teach(async (store) => {
    for (let i = 0; i < 19; i++) await store.agent(`agent-${i + 10}`, { type: i < 9 ? 'one' : 'two' })
  })
  const { status, stderr } = many.run('learn', 'status', '--agent', 'nope')
  expect(status).toBe(1)
  expect(stderr).toMatch(/agent-10, .* and 9 more, of the types one, two\n$/)
})

describe('where there is no store', () => {
  test('it says so and makes none', async () => {
    await using empty = await Desk.make()
    for (const args of [['learn', 'status'], ['verify'], ['tables'], ['doctor'], ['snapshot']]) {
      const { status, stdout, stderr } = empty.run(...args)
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr).toContain('NO_STORE There is no store in')
    }
    expect(readdirSync(empty.folder)).toEqual([])
  })

  test('a storage that is no file is refused', () => {
    expect(desk.run('verify', '--storage', 'memory:')).toMatchObject({ status: 2 })
  })
})

test('a store that another process has open is said to be so, at once where it is not to wait', async () => {
  const storage = `file:${desk.path('busy.db')}`
  const store = await openLearningStore({ storage })
  const { status, stderr } = desk.run('verify', '--storage', storage, '--wait', '0')
  expect(status).toBe(1)
  expect(stderr).toContain(`LOCKED Expected a free storage, but process ${process.pid}`)
  await store.close()
  expect(desk.run('verify', '--storage', storage, '--wait', '0').status).toBe(0)
})

describe('a file of another program in the default storage', () => {
  test('is not touched, and the message gives the command that takes it in', async () => {
    await using foreign = await Desk.make()
    mkdirSync(foreign.path('.agentic-qe'))
    const file = foreign.path('.agentic-qe/memory.db')
    const database = new Database(file)
    database.exec('CREATE TABLE q_values (id INTEGER PRIMARY KEY); INSERT INTO q_values VALUES (1)')
    database.close()
    const before = readFileSync(file)
    for (const args of [
      ['learn', 'status'],
      ['verify'],
      ['learn', 'reset', '--agent', 'a', '--confirm'],
      ['snapshot'],
    ]) {
      const { status, stderr } = foreign.run(...args)
      expect(status).toBe(1)
      expect(stderr).toContain('NOT_A_STORE')
      expect(stderr).toContain(`learning-store import ${file} --storage file:`)
    }
    const { stdout } = foreign.run('doctor', '--repair', '--confirm')
    expect(stdout).toContain(`learning-store import ${file} --storage`)
    expect(stdout).not.toContain('broken')
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(foreign.path('.agentic-qe'))).toEqual(['memory.db'])
  })

  const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const real = `${data}/agentic-qe-1.4.2-memory.db`
  test.skipIf(!existsSync(real))(
    'so is a real one of agentic-qe 1.4.2 (skipped without LEARNING_STORE_DATA)',
    async () => {
      await using foreign = await Desk.make()
      mkdirSync(foreign.path('.agentic-qe'))
      const file = foreign.path('.agentic-qe/memory.db')
      cpSync(real, file)
      expect(foreign.run('learn', 'status').stderr).toContain('NOT_A_STORE')
      expect(readFileSync(file)).toEqual(readFileSync(real))
      expect(readdirSync(foreign.path('.agentic-qe'))).toEqual(['memory.db'])
    },
  )
})

describe('the faults of agentic-qe', () => {
  test('fault 4, command line and engine open different files: here it is the same storage', async () => {
    for (const path of [undefined, 'elsewhere/learning.db']) {
      await using home = await Desk.make()
      const [before, variable] = [process.cwd(), process.env.AQE_DB_PATH]
      try {
        process.chdir(home.folder)
        if (path !== undefined) process.env.AQE_DB_PATH = path
        const engine = new LearningEngine('qe-test-generator-001')
        await engine.learnFromExecution({ type: 'unit-test' }, { success: true, executionTime: 1 })
        await engine.dispose()
      } finally {
        process.chdir(before)
        if (variable === undefined) delete process.env.AQE_DB_PATH
        else process.env.AQE_DB_PATH = variable
      }
      const env = path === undefined ? {} : { AQE_DB_PATH: path }
      const { stdout } = home.runWith(env, 'learn', 'status', '--json')
      expect(JSON.parse(stdout)).toMatchObject({ agents: [{ id: 'qe-test-generator-001', experiences: 1 }] })
    }
  })

  test('an empty AQE_DB_PATH names no file', () => {
    expect(desk.runWith({ AQE_DB_PATH: '' }, 'verify')).toMatchObject({ status: 0, stderr: '' })
  })

  test('fault 9, `--limit 50` parses as 100: here it means 50, and `--limit abc` is refused', async () => {
    await using many = await Desk.make()
    await many.teach(async (store) => {
      const agent = await store.agent('one')
      await agent.learnMany(
        Array.from({ length: 120 }, (_, i) => ({ state: i, action: 'a', reward: 1, terminated: true })),
      )
    })
    for (const limit of ['50', '0', '100', '7']) {
      const { experiences } = many.json('learn', 'history', '--limit', limit) as { experiences: unknown[] }
      expect(experiences).toHaveLength(Number(limit))
    }
    expect(many.run('learn', 'history', '--limit', 'abc').status).toBe(2)
    expect(many.run('learn', 'history', '--limit', '0').stdout).toBe('None of 120 experiences are shown.\n')
  })
})
