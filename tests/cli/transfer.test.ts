import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EPISODES, EXPERIENCES, fileOf, NAMESPACED_ENTRIES, SKILLS } from '../transfer/foreign-files.ts'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
let other: Desk
beforeEach(async () => {
  desk = await Desk.make()
  other = await Desk.make()
  await desk.teach(threeAgents)
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

const VALUES = 'SELECT agent_id, state_key, action_key, q_value, visits FROM q_values ORDER BY 1, 2, 3'
const rows = async (of: Desk, sql: string = VALUES): Promise<unknown> =>
  ((await of.json('query', sql, '--columns')) as { rows: unknown }).rows

describe('export and import', () => {
  test.each([
    ['json-lines', 'all.jsonl'],
    ['csv', 'all.csv'],
  ])('bring all experiences to another store as %s', async (format, file) => {
    expect(await desk.run('export', '--format', format, '--output', file)).toMatchObject({ status: 0, stderr: '' })
    const input = desk.path(file)
    const dry = await other.run('import', input, '--dry-run')
    expect(dry.stdout).toMatch(/would add +known\n(.*\n)*experiences +36 +0$/m)
    expect(readdirSync(other.folder)).toEqual([])
    const { status, stdout } = await other.run('import', input)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^experiences +36 +0$/m)
    // Replays are not exported, so the values differ.
    const visits = VALUES.replace('q_value, ', '')
    expect(await rows(other, visits)).toEqual(await rows(desk, visits))
    expect((await other.run('import', input)).stdout).toMatch(/^experiences +0 +36$/m)
    expect(await other.json('verify')).toMatchObject({ ok: true })
  })

  test('of one agent as a learning model preserve its values', async () => {
    expect((await desk.run('learn', 'export', '--agent', 'crawler', '--output', 'crawler.json')).status).toBe(0)
    expect(await other.json('import', desk.path('crawler.json'))).toMatchObject({
      files: [{ format: 'learning-model-state' }],
    })
    expect(await rows(other)).toEqual(await rows(desk, VALUES.replace('ORDER', "WHERE agent_id = 'crawler' ORDER")))
  })

  test('of one folder bring back all that several exports wrote to it', async () => {
    for (const args of [
      ['--format', 'csv', '--agent', 'qe-test-generator', '--output', 'out/experiences.csv', '--mkdir'],
      ['--format', 'json-lines', '--agent', 'crawler', '--output', 'out/crawler.jsonl'],
      ['--format', 'csv', '--what', 'patterns', '--output', 'out/patterns.csv'],
      ['--format', 'csv', '--what', 'values', '--output', 'out/a-values.csv'],
    ]) {
      expect(await desk.run('export', ...args)).toMatchObject({ status: 0, stderr: '' })
    }
    writeFileSync(desk.path('out/notes.txt'), 'Exported on Monday')
    expect((await other.run('import', desk.path('out'), '--dry-run')).status).toBe(0)
    expect(readdirSync(other.folder)).toEqual([])
    const { files, skippedFiles } = (await other.json('import', desk.path('out'))) as {
      files: { file: string; format: string }[]
      skippedFiles: string[]
    }
    expect(files.map(({ file, format }) => [file.replace(/.*\/out\//, ''), format])).toEqual([
      ['crawler.jsonl', 'json-lines'],
      ['experiences-qe-test-generator-001.csv', 'csv'],
      ['experiences-qe-test-generator-002.csv', 'csv'],
      ['patterns.csv', 'csv'],
      ['a-values.csv', 'csv'],
    ])
    expect(skippedFiles).toEqual([desk.path('out/notes.txt')])
    for (const sql of [
      VALUES.replace('q_value, ', ''),
      'SELECT experience_id, agent_id, state, action, reward FROM learning_experiences ORDER BY 2, 1',
      `SELECT agent_id, pattern_type, pattern_data, confidence, success_rate, usage_count, success_count, last_used
       FROM patterns WHERE pattern_type NOT LIKE '%:failure' ORDER BY 1, 2`,
    ]) {
      expect(await rows(other, sql)).toEqual(await rows(desk, sql))
    }
    expect((await other.run('import', desk.path('out'))).stdout).toMatch(
      /skipped {2}\S+notes\.txt: it cannot be imported/,
    )
    expect(await other.json('verify')).toMatchObject({ ok: true })
  })

  test('of values alone bring them to another store unchanged', async () => {
    await desk.run('export', '--format', 'csv', '--what', 'values', '--output', 'values.csv')
    expect((await other.run('import', desk.path('values.csv'))).status).toBe(0)
    expect(await rows(other)).toEqual(await rows(desk))
    for (const [row, message] of [
      ['a,s,x,much,1', 'Expected column q_value, line 2, to be a finite number, got "much"'],
      ['a,s:,x,1,1', 'Expected column state_key, line 2, to be valid'],
      ['a,s,x,1', 'Expected line 2 to be a row of 5 cells'],
    ]) {
      writeFileSync(desk.path('bad.csv'), `agent_id,state_key,action_key,q_value,visits\n${row}\n`)
      const { status, stderr } = await other.run('import', desk.path('bad.csv'))
      expect([status, stderr]).toEqual([1, expect.stringContaining(`bad.csv: ${message}`)])
    }
  })

  test.each<[string, Uint8Array, string]>([
    [
      'AgentDB without episodes',
      fileOf(EPISODES, SKILLS),
      'got a database of AgentDB with the tables episodes, skills, without any',
    ],
    [
      'other tables',
      fileOf('CREATE TABLE users (id)', 'CREATE TABLE posts (id)'),
      'got a SQLite file with the tables users, posts',
    ],
    ['agentic-qe without a row', fileOf(EXPERIENCES), 'NOT_FOUND Nothing to import in memory.db. No store was made.'],
  ])('of a file of %s fail, say what it is, and make no store', async (_, bytes, message) => {
    writeFileSync(other.path('memory.db'), bytes)
    expect(await other.run('import', 'memory.db', '--storage', 'file:new.db')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(message),
    })
    expect(readdirSync(other.folder)).toEqual(['memory.db'])
  })

  test('of a folder find files of AgentDB and claude-flow by their tables, and leave others out', async () => {
    mkdirSync(other.path('swarm'))
    const entry = "INSERT INTO memory_entries (key, value) VALUES ('k', 'v')"
    writeFileSync(other.path('swarm/memory.db'), fileOf(NAMESPACED_ENTRIES, entry))
    writeFileSync(other.path('swarm/hive.db'), fileOf('CREATE TABLE swarms (id)'))
    const agentDb = fileOf(
      EPISODES,
      "INSERT INTO episodes (session_id, task, output, reward) VALUES ('s', 't', 'o', 1)",
    )
    writeFileSync(other.path('swarm/agentdb.db'), agentDb)
    const imported = await other.json('import', 'swarm', '--storage', 'file:new.db', '--agent', 'coder')
    expect(imported).toMatchObject({
      files: [
        { file: 'swarm/agentdb.db', format: 'agentdb', changes: [{ what: 'experiences', added: 1 }] },
        { file: 'swarm/memory.db', format: 'claude-flow', changes: [{ what: 'memory_entries', added: 1 }] },
      ],
      skippedFiles: ['swarm/hive.db'],
    })
    expect(await other.json('import', 'swarm', '--storage', 'file:new.db', '--format', 'agentdb')).toMatchObject({
      files: [{ file: 'swarm/agentdb.db' }],
      skippedFiles: ['swarm/hive.db', 'swarm/memory.db'],
    })
  })

  test('to a folder of agentic-qe report what it has no place for', async () => {
    const output = ['export', '--format', 'agentic-qe', '--output', 'qe', '--mkdir', '--force']
    expect((await desk.run(...output)).stdout).not.toContain('note')
    await desk.teach(async (store) => {
      const memory = store.memory.as({ agentId: 'a' })
      await memory.set({ key: 'k', value: 1, embedding: { embedder: 'm', vector: [1, 0] } })
    })
    const note = 'Vectors of shared memory are left out (1): agentic-qe 1.4 has no place for them.'
    expect((await desk.run(...output)).stdout).toMatch(/qe\/memory\.db \(\d+ bytes\)\nnote {5}Vectors of shared memory/)
    expect(await desk.json(...output)).toMatchObject({
      files: expect.arrayContaining([expect.objectContaining({ notes: [note] })]),
    })
  })

  test('of a folder without any file of a known format fail', async () => {
    mkdirSync(other.path('empty'))
    expect(await other.run('import', 'empty')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('NOT_FOUND No file in empty can be imported'),
    })
  })

  test('count the successes of agents', async () => {
    const counted = async (of: Desk): Promise<unknown> =>
      ((await of.json('learn', 'status')) as { agents: Record<string, unknown>[] }).agents.map(
        ({ id, tasks, successes }) => [id, tasks, successes],
      )
    expect(await counted(desk)).toContainEqual(['crawler', 12, 9])
    await desk.run('learn', 'export', '--agent', 'crawler', '--output', 'crawler.json')
    await other.run('import', desk.path('crawler.json'))
    await other.run('import', desk.path('crawler.json'))
    expect(await counted(other)).toEqual([['crawler', 12, 9]])
    await using third = await Desk.make()
    await desk.run('export', '--format', 'agentic-qe', '--output', 'copy')
    await third.run('import', desk.path('copy'))
    expect(await counted(third)).toEqual(await counted(desk))
    await using theirs = await Desk.make()
    const model = JSON.parse(readFileSync(desk.path('crawler.json'), 'utf8'))
    const { totalExperiences, avgReward } = model.performance
    const experiences = model.experiences.map((one: object, i: number) => ({ ...one, reward: i < 3 ? -1 : 1 }))
    const content = { ...model, visits: undefined, experiences, performance: { totalExperiences, avgReward } }
    writeFileSync(theirs.path('model.json'), JSON.stringify(content))
    await theirs.run('import', 'model.json')
    expect(await counted(theirs)).toEqual([['crawler', 12, 9]])
  })

  test('ask before they create the folders of an output', async () => {
    for (const args of [
      ['export', '--output', 'new/all.jsonl'],
      ['export', '--format', 'agentic-qe', '--output', 'new/copy'],
      ['learn', 'export', '--agent', 'crawler', '--output', 'new/crawler.json'],
      ['patterns', 'export', '--output', 'new/patterns.json'],
    ]) {
      const { status, stderr } = await desk.run(...args)
      expect([status, stderr]).toEqual([2, expect.stringMatching(/The folder \S+new does not exist\. Add --mkdir to/)])
      const refused = await desk.runAtTerminal('n\n', ...args)
      expect([refused.status, refused.stdout]).toEqual([2, expect.stringContaining('Create it? [y/N]')])
      expect(existsSync(desk.path('new'))).toBe(false)
    }
    expect((await desk.runAtTerminal('y\n', 'export', '--output', 'new/all.jsonl')).status).toBe(0)
    expect(existsSync(desk.path('new/all.jsonl'))).toBe(true)
    expect((await desk.run('export', '--format', 'agentic-qe', '--output', 'folder')).status).toBe(0)
    expect((await desk.run('export', '--format', 'agentic-qe', '--output', 'more/folder', '--mkdir')).status).toBe(0)
  })

  test('write a folder of agentic-qe and read its files', async () => {
    expect((await desk.run('export', '--format', 'agentic-qe', '--output', 'copy')).status).toBe(0)
    expect(existsSync(desk.path('copy/data/swarm-memory.db'))).toBe(true)
    expect((await other.run('import', desk.path('copy/memory.db'), desk.path('copy/patterns.db'))).status).toBe(0)
    expect(await rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[36]])
  })

  test('of logs without ids and times count every file once with --duplicates keep', async () => {
    const files = ['monday.csv', 'tuesday.csv']
    for (const name of files) writeFileSync(other.path(name), 'state,action,reward\n1,2,1\n1,2,1\n')
    expect((await other.run('import', ...files, '--dry-run', '--duplicates', 'keep')).stdout).not.toContain('note')
    expect((await other.run('import', ...files, 'monday.csv', '--duplicates', 'keep')).status).toBe(0)
    expect(await rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[4]])
    await using third = await Desk.make()
    const { stdout } = await third.run('import', ...files.map((file) => other.path(file)))
    expect(stdout).toMatch(/note {5}2 experiences with neither an id nor a time/)
    expect(await third.run('import', other.path('monday.csv'), '--duplicates', 'all')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected --duplicates to be one of skip, keep'),
    })
  })

  test('of CSV with other columns and decimal commas name them', async () => {
    writeFileSync(other.path('log.txt'), 'page;device;arm;score, final\r\nhome;phone;a;1,5\r\ncart;desk;b;0,5\r\n')
    const map = ['--map', 'reward=score, final,action=arm', '--map', 'state=page+device']
    const refused = await other.run('import', 'log.txt', ...map)
    expect(refused.stderr).toContain('column score, final, line 2, to be a number with a decimal point, got "1,5"')
    expect(refused.stderr).toContain('(--decimal ,)')
    expect((await other.run('import', 'log.txt', ...map, '--decimal', ',')).status).toBe(0)
    expect(await rows(other, 'SELECT state, action, reward FROM learning_experiences ORDER BY reward')).toEqual([
      ['{"device":"desk","page":"cart"}', '"b"', 0.5],
      ['{"device":"phone","page":"home"}', '"a"', 1.5],
    ])
    for (const [args, message] of [
      [['--map', 'reward'], 'Expected field=column, got "reward"'],
      [['--map', 'reward='], 'Expected field=column, got "reward="'],
      [['--map', 'reward=a,reward=b'], 'Expected reward once'],
      [['--map', 'reward=a', '--map', 'reward=b'], 'Expected reward once'],
      [['--decimal', ';'], 'Expected --decimal to be one of ., ,'],
    ] as const) {
      const { status, stderr } = await other.run('import', 'log.txt', ...args)
      expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
    }
    const unknown = await other.run('import', 'log.txt', ...map, '--map', 'points=page')
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('only the fields agent_id,')])
  })

  test('print text formats, and need --output for the others', async () => {
    const { stdout } = await desk.run('export', '--format', 'csv', '--what', 'values', '--agent', 'crawler')
    expect(stdout.trim().split('\n')).toHaveLength(4)
    expect(await desk.run('export', '--format', 'sqlite')).toMatchObject({ status: 2, stdout: '' })
  })

  test('never overwrite the store itself, under any name', async () => {
    const file = desk.path('.agentic-qe/memory.db')
    symlinkSync(file, desk.path('link.db'))
    linkSync(file, desk.path('hard.db'))
    const before = readFileSync(file)
    for (const args of [
      ['export', '--output', '.agentic-qe/memory.db'],
      ['export', '--output', '.agentic-qe/../link.db'],
      ['export', '--output', 'hard.db'],
      ['export', '--format', 'agentic-qe', '--output', '.agentic-qe'],
      ['snapshot', '--output', '.agentic-qe/memory.db.log/new/copy.db'],
      ['patterns', 'export', '--output', 'link.db'],
      ['learn', 'export', '--agent', 'crawler', '--output', file],
    ]) {
      const { status, stderr } = await desk.run(...args, '--force')
      expect([args, status, stderr]).toEqual([args, 2, expect.stringContaining('a file outside the store')])
      expect(readFileSync(file).equals(before)).toBe(true)
    }
    expect(readdirSync(desk.path('.agentic-qe')).sort()).toEqual(['memory.db', 'memory.db.log'])
  })

  test('refuse unknown formats and missing files', async () => {
    writeFileSync(other.path('letter.txt'), 'Dear reader')
    expect(await other.run('import', 'letter.txt')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('NOT_A_STORE'),
    })
    expect(await other.run('import', 'none.csv')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('none.csv'),
    })
    expect((await other.run('import')).status).toBe(2)
  })

  test('report each file when it is done and, if one fails, what happened to the others', async () => {
    await desk.run('export', '--format', 'csv', '--output', 'a.csv', '--agent', 'crawler')
    await desk.run('export', '--output', 'b.jsonl')
    writeFileSync(desk.path('bad.csv'), 'state,action,reward\n1,2,much\n')
    const names = ['a.csv', 'bad.csv', 'b.jsonl'].map((file) => desk.path(file))
    const { status, stdout, stderr } = await other.run('import', ...names)
    expect(status).toBe(1)
    expect(stdout).toMatch(/a\.csv csv\n(.*\n)*experiences +12 +0\n$/)
    expect(stderr).toContain(`error INVALID_ARGUMENT ${names[1]}: Expected`)
    expect(stderr).toContain(`; ${names[0]} was imported; the files after it were not`)
    expect(await rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[12]])
  })

  test('leave no store behind if nothing could be imported', async () => {
    writeFileSync(other.path('bad.csv'), 'state,action,reward\n1,2,much\n')
    writeFileSync(other.path('bad.json'), '[{"framework":"none"}]')
    for (const args of [
      ['import', 'bad.csv'],
      ['import', 'bad.csv', '--format', 'foo'],
      ['import', 'bad.csv', '--agent', ''],
      ['merge', 'bad.csv'],
      ['patterns', 'import', '--input', 'bad.json'],
    ]) {
      expect(await other.run(...args)).toMatchObject({ stdout: '', stderr: expect.stringContaining('error') })
      expect(readdirSync(other.folder).sort()).toEqual(['bad.csv', 'bad.json'])
    }
  })

  const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const real = `${data}/agentic-qe-1.4.2-memory.db`
  test.skipIf(!existsSync(real))(
    'import a real file of agentic-qe 1.4.2 (skipped without LEARNING_STORE_DATA)',
    async () => {
      const before = readFileSync(real)
      expect(await other.run('import', real)).toMatchObject({ status: 0, stderr: '' })
      expect(readFileSync(real).equals(before)).toBe(true)
      expect(await other.json('verify')).toMatchObject({ ok: true })
    },
  )
})

describe('merge', () => {
  test('adds the experiences of another store and its log, each once', async () => {
    await other.teach(async (store) => {
      const agent = await store.agent('elsewhere')
      await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    })
    const file = desk.path('.agentic-qe/memory.db')
    expect((await other.run('merge', file, '--dry-run')).status).toBe(0)
    expect(await rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[1]])
    expect((await other.run('merge', file, '--dry-run')).stdout).toMatch(
      /memory\.db learning-store\nagents +\d\nexperiences +36 added, 0 known\nvalues +\d+ derived, \d+ carried\n/,
    )
    expect(await other.json('merge', file)).toMatchObject({
      files: [{ format: 'learning-store', merged: { added: 36 } }],
    })
    expect(await other.json('merge', file)).toMatchObject({ files: [{ merged: { added: 0, known: 36 } }] })
    expect(await desk.json('merge', other.path('.agentic-qe/memory.db'))).toMatchObject({
      files: [{ merged: { added: 1 } }],
    })
    expect(await rows(desk)).toEqual(await rows(other))
  })
})
