import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { LearningEngine } from '../../src/entry/node.ts'
import { EXPORT_FORMATS, IMPORT_FORMATS } from '../../src/transfer/job.ts'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(threeAgents)
})
afterAll(() => desk[Symbol.asyncDispose]())

const ESCAPE = String.fromCharCode(27)

describe('help', () => {
  test('lists every command, the exit codes and shell completion', async () => {
    const { status, stdout, stderr } = await desk.run()
    expect([status, stderr]).toEqual([0, ''])
    for (const { name } of COMMANDS) expect(stdout).toContain(name.split(' ')[0])
    expect(stdout).toContain('Exit codes: 0')
    expect((await desk.run('--help')).stdout).toBe(stdout)
  })

  test.each(COMMANDS.map(({ name, examples }) => [name, examples] as const))(
    'of %s has examples',
    async (name, examples) => {
      const { status, stdout } = await desk.run(...name.split(' '), '--help')
      expect(status).toBe(0)
      expect(examples.length).toBeGreaterThan(0)
      for (const example of examples) expect(stdout).toContain(`  learning-store ${example}\n`)
      for (const option of ['--storage', '--json', '--wait']) expect(stdout).toContain(option)
    },
  )

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect((await desk.run('--version')).stdout).toBe(`${version}\n`)
  })
})

describe('an invalid command line', () => {
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
    [['export', '--format', 'foo'], `Expected --format to be one of ${EXPORT_FORMATS.join(', ')}, got`],
    [['export', '--format', 'csv', '--what', 'foo'], 'Expected --what to be one of experiences, values, patterns, got'],
    [['export', '--what', 'values'], 'Expected --what with --format csv'],
    [['import', 'a', '--format', 'foo'], `Expected --format to be one of ${IMPORT_FORMATS.join(', ')}, got`],
    [['verify', '--storage', 'nope.db'], 'did you mean --storage file:nope.db'],
  ])('ends with 2: %j', async (args, message) => {
    const { status, stdout, stderr } = await desk.run(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    const json = await desk.run(...args, '--json')
    expect([json.status, json.stdout]).toEqual([2, ''])
    expect(JSON.parse(json.stderr)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining(message) } })
  })
})

describe('the options of every command', () => {
  test('may stand before or after the command', async () => {
    const storage = `file:${desk.path('.agentic-qe/memory.db')}`
    await using elsewhere = await Desk.make()
    const [usual, ...others] = [
      ['learn', 'status', '--storage', storage, '--json'],
      ['--storage', storage, 'learn', 'status', '--json'],
      ['--json', '--storage', storage, 'learn', 'status'],
      ['learn', '--storage', storage, '--json', 'status'],
    ]
    const result = await elsewhere.run(...(usual ?? []))
    expect(result).toMatchObject({ status: 0, stdout: expect.stringContaining('crawler') })
    for (const args of others) expect(await elsewhere.run(...args)).toEqual(result)
  })

  test('may be repeated: the last one counts, wherever it stands', async () => {
    await using two = await Desk.make()
    for (const name of ['one', 'two']) await two.teach((store) => store.agent(name), `file:${two.path(name)}`)
    const [one, other] = ['one', 'two'].map((name) => ['--storage', `file:${two.path(name)}`])
    for (const args of [
      [...(one ?? []), 'learn', 'status', ...(other ?? [])],
      [...(one ?? []), 'learn', ...(other ?? []), 'status'],
      ['learn', 'status', ...(one ?? []), ...(other ?? [])],
    ]) {
      expect(await two.json(...args)).toMatchObject({ agents: [{ id: 'two' }] })
    }
  })

  test('without a command are an error that names the help', async () => {
    for (const args of [['--json'], ['--json', '--storage', 'file:a.db'], ['learn', '--json']]) {
      const { status, stdout, stderr } = await desk.run(...args)
      expect([status, stdout]).toEqual([2, ''])
      const message = 'Expected a command (see learning-store --help)'
      expect(JSON.parse(stderr)).toEqual({ error: { code: 'USAGE', message } })
    }
    expect(await desk.run('--storage', 'file:a.db')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: learning-store'),
    })
  })

  test('end at --, after which everything is an operand', async () => {
    const { status, stdout, stderr } = await desk.run('verify', '--', '--json')
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('error: too many arguments')])
  })

  test('are checked before the command, too', async () => {
    expect(await desk.run('--wait', 'soon', 'verify')).toMatchObject({ status: 2, stdout: '' })
    expect((await desk.run('--storage', 'nope.db', 'verify')).stderr).toContain('did you mean --storage file:nope.db?')
  })
})

describe('colors', () => {
  test('are printed at a terminal only, and not with NO_COLOR', async () => {
    expect((await desk.runAtTerminal('', 'verify')).stdout).toContain(`${ESCAPE}[32mok`)
    expect((await desk.run('verify')).stdout).not.toContain(ESCAPE)
    expect((await desk.runWith({ NO_COLOR: '1' }, 'learn', 'status')).stdout).not.toContain(ESCAPE)
  })

  test('long operations show their progress at a terminal, and nowhere else', async () => {
    const args = ['learn', 'train', '--iterations', '40'] as const
    expect((await desk.runAtTerminal('', ...args)).stdout).toContain('training')
    expect((await desk.run(...args)).stderr).toBe('')
  })

  test('an operation of unknown length shows how much is done', async () => {
    writeFileSync(desk.path('many.csv'), `state,action,reward\n${'1,2,3\n'.repeat(5_000)}`)
    const { stdout } = await desk.runAtTerminal('', 'import', 'many.csv', '--dry-run')
    expect(stdout).toMatch(/\d experiences/)
    expect(stdout).not.toContain('/0')
  })

  test.each([
    [80, ['learn', 'history', '--limit', '3']],
    [40, ['learn', 'history', '--limit', '3', '--detailed']],
    [40, ['learn', 'status']],
    [40, ['patterns', 'list', '--all']],
    [40, ['tables', '--detailed']],
    [40, ['query', "SELECT * FROM learning_experiences WHERE agent_id = 'crawler' LIMIT 3"]],
  ])('no line of a table is wider than a terminal of %i columns: %j', async (columns, args) => {
    const { status, stdout } = await desk.runAtTerminalOf(columns, '', ...args)
    const bare = stdout.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    expect(bare.split(/\r?\n/).filter((line) => line.length > columns)).toEqual([])
    expect([status, bare]).toEqual([0, expect.stringContaining(args[0] === 'tables' ? 'q_values' : 'crawler')])
  })
})

test('an unknown agent is an error that names the agents and their types', async () => {
  await using many = await Desk.make()
  await many.teach(async (store) => {
    for (let i = 0; i < 19; i++) await store.agent(`agent-${i + 10}`, { type: i < 9 ? 'one' : 'two' })
  })
  const { status, stderr } = await many.run('learn', 'status', '--agent', 'nope')
  expect(status).toBe(1)
  expect(stderr).toMatch(/Agents: agent-10, .* and 9 more\. Types: one, two\.\n$/)
})

describe('without a store', () => {
  test('commands fail and create none', async () => {
    await using empty = await Desk.make()
    for (const args of [['learn', 'status'], ['verify'], ['tables'], ['doctor'], ['snapshot']]) {
      const { status, stdout, stderr } = await empty.run(...args)
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr).toContain('NO_STORE No learning store in')
    }
    expect(readdirSync(empty.folder)).toEqual([])
  })

  test('a storage that is not a file is refused', async () => {
    expect(await desk.run('verify', '--storage', 'memory:')).toMatchObject({ status: 2 })
  })
})

describe('a file of another program', () => {
  test('is not changed, and the message names the command that imports it', async () => {
    await using foreign = await Desk.make()
    mkdirSync(foreign.path('.agentic-qe'))
    const file = foreign.path('.agentic-qe/memory.db')
    const env = { AQE_DB_PATH: file }
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
      const { status, stderr } = await foreign.runWith(env, ...args)
      expect(status).toBe(1)
      expect(stderr).toContain('NOT_A_STORE')
      expect(stderr).toContain(`learning-store import ${file} --storage file:`)
    }
    const { stdout } = await foreign.runWith(env, 'doctor', '--repair', '--confirm')
    expect(stdout).toContain(`learning-store import ${file} --storage`)
    expect(stdout).not.toContain('damaged')
    expect((await foreign.run('verify')).stderr).toContain(
      `NO_STORE No learning store in ${foreign.path('.learning-store')}`,
    )
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(foreign.path('.agentic-qe'))).toEqual(['memory.db'])
    expect(readdirSync(foreign.folder)).toEqual(['.agentic-qe'])
  })

  const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const real = `${data}/agentic-qe-1.4.2-memory.db`
  test.skipIf(!existsSync(real))(
    'is not changed, a real one of agentic-qe 1.4.2 (skipped without LEARNING_STORE_DATA)',
    async () => {
      await using foreign = await Desk.make()
      mkdirSync(foreign.path('.agentic-qe'))
      const file = foreign.path('.agentic-qe/memory.db')
      cpSync(real, file)
      expect((await foreign.runWith({ AQE_DB_PATH: file }, 'learn', 'status')).stderr).toContain('NOT_A_STORE')
      expect(readFileSync(file).equals(readFileSync(real))).toBe(true)
      expect(readdirSync(foreign.path('.agentic-qe'))).toEqual(['memory.db'])
    },
  )
})

describe('the faults of agentic-qe', () => {
  test('fault 4, command line and engine open different files: here they open the same storage', async () => {
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
      const { stdout } = await home.runWith(env, 'learn', 'status', '--json')
      expect(JSON.parse(stdout)).toMatchObject({ agents: [{ id: 'qe-test-generator-001', experiences: 1 }] })
    }
  })

  test('empty environment variables name no storage', async () => {
    expect(await desk.runWith({ AQE_DB_PATH: '', LEARNING_STORE: '' }, 'verify')).toMatchObject({
      status: 0,
      stderr: '',
    })
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
      const { experiences } = (await many.json('learn', 'history', '--limit', limit)) as { experiences: unknown[] }
      expect(experiences).toHaveLength(Number(limit))
    }
    expect((await many.run('learn', 'history', '--limit', 'abc')).status).toBe(2)
    expect((await many.run('learn', 'history', '--limit', '0')).stdout).toBe(
      '120 experiences; none shown, because of --limit 0.\n',
    )
  })
})
