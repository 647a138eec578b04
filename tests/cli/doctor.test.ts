import { chmod, cp, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLearningStore, type StorageName } from '../../src/entry/node.ts'
import { type FileHarness, fileHarness } from '../persistence/file/file-under-test.ts'
import { dropRecord, flipped, flipRecord, tearTail } from '../persistence/storage-under-test.ts'
import { Desk } from './program.ts'

let desk: Desk
let harness: FileHarness
beforeEach(async () => {
  desk = await Desk.make()
  harness = await fileHarness()
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await harness.dispose()
})

const ALL = 300

/** The stores of killed writers. They are made once and copied for each test. */
const templates = new Map<boolean, Promise<Desk>>()
afterAll(async () => {
  for (const template of templates.values()) await (await template)[Symbol.asyncDispose]()
})

/** The store of a killed writer: 300 experiences in the log, or, with `filled`, 200 in a snapshot and 100 in the log. */
async function killedWriter(filled: boolean): Promise<void> {
  const making = templates.get(filled) ?? makeTemplate(filled)
  templates.set(filled, making)
  const template = await making
  await cp(template.path('killed.db'), harness.path)
  await cp(template.path('killed.db.log'), harness.directory, { recursive: true })
  await harness.die(undefined as never)
}

async function makeTemplate(filled: boolean): Promise<Desk> {
  const template = await Desk.make()
  const path = template.path('learning.db')
  const learn = async (from: number, to: number, die: boolean): Promise<void> => {
    // The commits must stay in the log until the copy is made.
    const persistence = { snapshotAfterLogBytes: 1e9, snapshotAfterIdleMs: 1e8, maxPendingBytes: 1e9 }
    const store = await openLearningStore({ storage: `file:${path}`, seed: 7, durability: 'strict', persistence })
    const agent = await store.agent('one', { type: 'tester' })
    for (let i = from; i < to; i++) {
      await agent.learn({ state: `state ${i} ${'x'.repeat(60)}`, action: 'a', reward: i, terminated: true })
    }
    await store.flush()
    if (die) {
      await cp(path, template.path('killed.db'))
      await cp(`${path}.log`, template.path('killed.db.log'), { recursive: true })
    }
    await store.close()
  }
  if (filled) await learn(0, 200, false)
  await learn(filled ? 200 : 0, ALL, true)
  return template
}

const storage = (): StorageName => `file:${harness.path}`
const content = async (): Promise<Map<string, string>> => {
  const files = (await readdir(harness.folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const names = files.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(name, 'latin1')] as const)))
}
const experiences = async (): Promise<number> => {
  const { rows } = (await desk.json(
    'query',
    'SELECT count(*) FROM learning_experiences',
    '--columns',
    '--storage',
    storage(),
  )) as {
    rows: number[][]
  }
  return rows[0]?.[0] ?? -1
}

interface Repaired {
  readonly before: { readonly refusal?: { readonly code: string } }
  readonly remedy: string
  readonly repaired: { readonly lost: string[]; readonly backup?: string }
  readonly ok: boolean
}

/** Expects doctor to report without changing anything, and then to repair. */
async function repair(): Promise<Repaired> {
  const before = await content()
  const reported = await desk.run('doctor', '--storage', storage())
  expect(reported).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('doctor --repair') })
  expect((await desk.run('doctor', '--storage', storage(), '--repair')).status).toBe(2)
  expect(await content()).toEqual(before)
  const result = (await desk.json('doctor', '--storage', storage(), '--repair', '--confirm')) as Repaired
  expect(result.ok).toBe(true)
  expect(await desk.run('doctor', '--storage', storage())).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^ok/),
  })
  const { backup } = result.repaired
  if (backup) {
    // The files as they were before.
    const inside = [...before].map(([name, bytes]) => [name.replace(dirname(harness.path), backup), bytes])
    expect(await content()).toEqual(new Map([...(await content()), ...(inside as [string, string][])]))
  }
  const store = await openLearningStore({ storage: storage() })
  await (await store.agent('one')).learn({ state: 'after', action: 'a', reward: 1, terminated: true })
  await store.close()
  expect((await desk.run('verify', '--storage', storage())).status).toBe(0)
  return result
}

describe('doctor', () => {
  test('reports an intact store as ok, and changes nothing', async () => {
    await killedWriter(false)
    const before = await content()
    const { status, stdout } = await desk.run('doctor', '--storage', storage())
    expect([status, stdout]).toEqual([0, `ok        1 agent, ${ALL} experiences, ${ALL} values\n`])
    expect(await desk.run('doctor', '--storage', storage(), '--repair', '--confirm')).toMatchObject({
      status: 0,
      stdout,
    })
    expect(await content()).toEqual(before)
  })

  test.each([
    ['a torn tail', (): Promise<void> => tearTail(harness), ALL - 1],
    [
      'a damaged newest snapshot',
      async () => harness.writeSnapshot('newest', flipped(await readFile(harness.path), 9_000)),
      ALL,
    ],
    ['a lost newest snapshot', () => harness.writeSnapshot('newest', undefined), ALL],
  ])('leaves %s to opening, which repairs it', async (_, damage, left) => {
    await killedWriter(true)
    await damage()
    const before = await content()
    expect(await desk.run('doctor', '--storage', storage())).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ok /m),
    })
    expect(await content()).toEqual(before)
    expect((await desk.run('doctor', '--storage', storage(), '--repair', '--confirm')).status).toBe(0)
    expect(await experiences()).toBe(left)
  })

  test.each([
    ['a record is damaged', () => flipRecord(harness, -50)],
    ['a record is missing', () => dropRecord(harness, -50)],
  ])('cuts the log where %s, and reports how much was lost', async (_, damage) => {
    await killedWriter(true)
    await damage()
    const { before, repaired } = await repair()
    expect(before.refusal?.code).toBe('CORRUPT_LOG')
    expect(repaired.lost).toEqual([expect.stringMatching(/^the last 50 commits/)])
    // One more was learned after the repair.
    expect(await experiences()).toBe(ALL - 50 + 1)
  })

  test('never uses the number of a lost commit again', async () => {
    await killedWriter(true)
    const { rows } = (await desk.json(
      'query',
      '--columns',
      "SELECT value FROM store_meta WHERE key = 'sequence'",
      '--storage',
      storage(),
    )) as {
      rows: string[][]
    }
    const last = Number(rows[0]?.[0])
    await rm(harness.directory, { recursive: true })
    await killedWriter(true)
    await flipRecord(harness, -50)
    await repair()
    expect(((await desk.json('verify', '--storage', storage())) as { sequence: number }).sequence).toBeGreaterThan(last)
  })

  test('copies the readable rows if no snapshot is intact', async () => {
    await killedWriter(true)
    const database = new Database(harness.path, { readonly: true })
    const roots = "SELECT rootpage FROM sqlite_schema WHERE name = 'learning_experiences'"
    const root = database.prepare<[], number>(roots).pluck().get() ?? 0
    database.close()
    const bytes = Uint8Array.from(await harness.readSnapshot('newest'))
    // One leaf of the table, to which the first cell of the root points.
    const at = (root - 1) * 4096
    const cell = ((bytes[at + 12] ?? 0) << 8) | (bytes[at + 13] ?? 0)
    const leaf = new DataView(bytes.buffer).getUint32(at + cell)
    bytes.fill(0xee, (leaf - 1) * 4096, leaf * 4096)
    await harness.writeSnapshot('newest', bytes)
    await harness.writeSnapshot('older', undefined)
    const { before, repaired } = await repair()
    expect(before.refusal?.code).toBe('CORRUPT_SNAPSHOT')
    expect(repaired.lost.join('\n')).toContain('rows of learning_experiences: ')
    expect(await experiences()).toBeGreaterThan(100)
    expect(await experiences()).toBeLessThan(200)
    // The values are in other pages.
    const { rows } = (await desk.json(
      'query',
      'SELECT count(*) FROM q_values',
      '--columns',
      '--storage',
      storage(),
    )) as {
      rows: number[][]
    }
    expect(rows).toEqual([[201]])
  })

  test('applies the log to a snapshot whose damage SQLite does not notice, and reports it', async () => {
    await killedWriter(false)
    for (const which of ['newest', 'older'] as const) {
      await harness.writeSnapshot(which, flipped(await harness.readSnapshot(which), 4096 * 3 - 2000))
    }
    const { repaired } = await repair()
    expect(repaired.lost).toEqual([expect.stringContaining('certainty')])
    expect(await experiences()).toBe(ALL + 1)
  })

  test('prefers the log to the edits of another program, and keeps the edited file', async () => {
    await killedWriter(true)
    const database = new Database(harness.path)
    database.exec("UPDATE learning_agents SET type = 'edited'")
    database.close()
    const { before, repaired } = await repair()
    expect(before.refusal?.code).toBe('MODIFIED_EXTERNALLY')
    expect(repaired.lost).toEqual([])
    expect(await experiences()).toBe(ALL + 1)
  })

  test('rebuilds the text index', async () => {
    const store = await openLearningStore({ storage: storage() })
    await store.close()
    const database = new Database(harness.path)
    database.exec(`INSERT INTO test_patterns (id, pattern_type, framework, code_signature_hash, code_signature,
      test_template, metadata) VALUES ('p', 'unit', 'jest', 'h', '{}', '{}', '{"name":"Guard","tags":["api","edge"]}')`)
    database.close()
    expect((await repair()).remedy).toBe('text index')
    const sql = "SELECT pattern_id FROM pattern_fts WHERE pattern_fts MATCH 'edges'"
    expect(await desk.json('query', sql, '--columns', '--storage', storage())).toMatchObject({ rows: [['p']] })
  })

  test('drops foreign objects of the schema, and creates missing ones', async () => {
    const store = await openLearningStore({ storage: storage() })
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    const database = new Database(harness.path)
    database.exec(`DROP INDEX learning_experiences_by_agent_id;
      CREATE TRIGGER spy AFTER INSERT ON q_values BEGIN DELETE FROM learning_agents; END`)
    database.close()
    expect((await repair()).remedy).toBe('copy-rows')
    expect(await experiences()).toBe(2)
  })

  test('leaves invalid rows alone, and reports them', async () => {
    const store = await openLearningStore({ storage: storage() })
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    const database = new Database(harness.path)
    database.exec('UPDATE q_values SET visits = -1')
    database.close()
    const { status, stdout } = await desk.run('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toContain('values: a count of visits below 0 (1): one: s / a')
    expect(stdout).toContain('doctor cannot repair these problems')
  })

  test('changes nothing if nothing can be read', async () => {
    await killedWriter(true)
    for (const which of ['newest', 'older'] as const) await harness.writeSnapshot(which, new Uint8Array(5_000))
    const before = await content()
    const { status, stdout } = await desk.run('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toContain('Nothing was changed')
    expect(await content()).toEqual(before)
  })

  test('restores the store from its log when its file is gone', async () => {
    await killedWriter(true)
    await rm(harness.path)
    for (const name of await harness.names('.head')) await rm(join(harness.directory, name))
    const { repaired } = await repair()
    expect(repaired.backup).toBeDefined()
    expect(await experiences()).toBe(ALL + 1)
  })

  test('asks for confirmation at a terminal', async () => {
    await killedWriter(true)
    await flipRecord(harness, -50)
    const before = await content()
    const refused = await desk.runAtTerminal('n\n', 'doctor', '--storage', storage(), '--repair')
    expect(refused.status).toBe(2)
    expect(refused.stdout).toContain('Proceed? [y/N]')
    expect(await content()).toEqual(before)
    const repaired = await desk.runAtTerminal('y\n', 'doctor', '--storage', storage(), '--repair')
    expect(repaired.stdout).toContain('the last 50 commits')
    expect(repaired.status).toBe(0)
    expect(await experiences()).toBe(ALL - 50)
  })

  test('examines a read-only store, and leaves nothing behind', async () => {
    await killedWriter(true)
    const names = await readdir(harness.directory)
    const paths = [...names.map((name) => join(harness.directory, name)), harness.path]
    for (const path of paths) await chmod(path, 0o400)
    for (const path of [harness.directory, harness.folder]) await chmod(path, 0o500)
    const { status, stdout } = desk.runProcessWith({ TMPDIR: desk.folder }, 'doctor', '--storage', storage())
    for (const path of [harness.directory, harness.folder]) await chmod(path, 0o700)
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^ok /m)])
    expect(await readdir(desk.folder)).toEqual([])
  })

  test('does not touch a store that is open', async () => {
    const store = await openLearningStore({ storage: storage() })
    const { status, stdout } = desk.runProcess('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toMatch(new RegExp(`^in use {4}LOCKED by process ${process.pid} on \\S+: stop it, or wait`))
    expect(stdout.split('\n')).toHaveLength(2)
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    expect((await desk.run('verify', '--storage', storage())).status).toBe(0)
  })
})
