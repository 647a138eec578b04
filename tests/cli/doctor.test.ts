import { chmod, cp, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { type FileBench, fileBench } from '../persistence/file/file-under-test.ts'
import { dropRecord, flipped, flipRecord, tearTail } from '../persistence/storage-under-test.ts'
import { Desk } from './program.ts'

let desk: Desk
let bench: FileBench
beforeEach(async () => {
  desk = await Desk.make()
  bench = await fileBench()
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await bench.dispose()
})

const ALL = 300

/** A store of a writer that was killed: 300 experiences in the log, on a snapshot with 200 of them where it is `filled`. */
async function killedWriter(filled: boolean): Promise<void> {
  await using original = await Desk.make()
  const path = original.path('learning.db')
  const learn = async (from: number, to: number, die: boolean): Promise<void> => {
    // What is kept must stay in the log until the copy is made.
    const persistence = { snapshotAfterLogBytes: 1e9, snapshotAfterIdleMs: 1e8, maxPendingBytes: 1e9 }
    const store = await openLearningStore({ storage: `file:${path}`, seed: 7, durability: 'strict', persistence })
    const agent = await store.agent('one', { type: 'tester' })
    for (let i = from; i < to; i++) {
      await agent.learn({ state: `state ${i} ${'x'.repeat(60)}`, action: 'a', reward: i, terminated: true })
    }
    await store.flush()
    if (die) {
      await cp(path, bench.path)
      await cp(`${path}.log`, bench.directory, { recursive: true })
      await bench.die(undefined as never)
    }
    await store.close()
  }
  if (filled) await learn(0, 200, false)
  await learn(filled ? 200 : 0, ALL, true)
}

const storage = (): string => `file:${bench.path}`
const content = async (): Promise<Map<string, string>> => {
  const files = (await readdir(bench.folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const names = files.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(name, 'latin1')] as const)))
}
const experiences = (): number => {
  const { rows } = desk.json('query', 'SELECT count(*) FROM learning_experiences', '--storage', storage()) as {
    rows: number[][]
  }
  return rows[0]?.[0] ?? -1
}

interface Mended {
  readonly before: { readonly refusal?: { readonly code: string } }
  readonly remedy: string
  readonly repaired: { readonly lost: string[]; readonly kept?: string }
  readonly ok: boolean
}

/** Reports without changing anything, then mends. */
async function mend(): Promise<Mended> {
  const before = await content()
  const reported = desk.run('doctor', '--storage', storage())
  expect(reported).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('doctor --repair') })
  expect(desk.run('doctor', '--storage', storage(), '--repair').status).toBe(2)
  expect(await content()).toEqual(before)
  const mended = desk.json('doctor', '--storage', storage(), '--repair', '--confirm') as Mended
  expect(mended.ok).toBe(true)
  expect(desk.run('doctor', '--storage', storage())).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^sound/),
  })
  const { kept } = mended.repaired
  if (kept) {
    // Everything as it was.
    const inside = [...before].map(([name, bytes]) => [name.replace(dirname(bench.path), kept), bytes])
    expect(await content()).toEqual(new Map([...(await content()), ...(inside as [string, string][])]))
  }
  const store = await openLearningStore({ storage: storage() })
  await (await store.agent('one')).learn({ state: 'after', action: 'a', reward: 1, terminated: true })
  await store.close()
  expect(desk.run('verify', '--storage', storage()).status).toBe(0)
  return mended
}

describe('doctor', () => {
  test('says that a sound store is sound, and changes nothing', async () => {
    await killedWriter(false)
    const before = await content()
    const { status, stdout } = desk.run('doctor', '--storage', storage())
    expect([status, stdout]).toEqual([0, `sound   1 agent, ${ALL} experiences, ${ALL} values\n`])
    expect(desk.run('doctor', '--storage', storage(), '--repair', '--confirm')).toMatchObject({ status: 0, stdout })
    expect(await content()).toEqual(before)
  })

  test.each([
    ['a torn tail', (): Promise<void> => tearTail(bench), ALL - 1],
    [
      'a damaged newest snapshot',
      async () => bench.writeSnapshot('newest', flipped(await readFile(bench.path), 9_000)),
      ALL,
    ],
    ['a lost newest snapshot', () => bench.writeSnapshot('newest', undefined), ALL],
  ])('leaves %s to opening, which mends it', async (_, damage, left) => {
    await killedWriter(true)
    await damage()
    const before = await content()
    expect(desk.run('doctor', '--storage', storage())).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('sound'),
    })
    expect(await content()).toEqual(before)
    expect(desk.run('doctor', '--storage', storage(), '--repair', '--confirm').status).toBe(0)
    expect(experiences()).toBe(left)
  })

  test.each([
    ['a record is damaged', () => flipRecord(bench, -50)],
    ['a record is missing', () => dropRecord(bench, -50)],
  ])('cuts the log where %s, and says how much was lost', async (_, damage) => {
    await killedWriter(true)
    await damage()
    const { before, repaired } = await mend()
    expect(before.refusal?.code).toBe('CORRUPT_LOG')
    expect(repaired.lost).toEqual([expect.stringMatching(/^the last 50 commits/)])
    // One was learned after mending.
    expect(experiences()).toBe(ALL - 50 + 1)
  })

  test('never uses the number of a commit again that was lost', async () => {
    await killedWriter(true)
    const { rows } = desk.json(
      'query',
      "SELECT value FROM store_meta WHERE key = 'sequence'",
      '--storage',
      storage(),
    ) as {
      rows: string[][]
    }
    const last = Number(rows[0]?.[0])
    await rm(bench.directory, { recursive: true })
    await killedWriter(true)
    await flipRecord(bench, -50)
    await mend()
    expect((desk.json('verify', '--storage', storage()) as { sequence: number }).sequence).toBeGreaterThan(last)
  })

  test('copies what can be read where no snapshot is whole', async () => {
    await killedWriter(true)
    const database = new Database(bench.path, { readonly: true })
    const roots = "SELECT rootpage FROM sqlite_schema WHERE name = 'learning_experiences'"
    const root = database.prepare<[], number>(roots).pluck().get() ?? 0
    database.close()
    const bytes = Uint8Array.from(await bench.readSnapshot('newest'))
    // One leaf of the table, to which the first cell of the root points.
    const at = (root - 1) * 4096
    const cell = ((bytes[at + 12] ?? 0) << 8) | (bytes[at + 13] ?? 0)
    const leaf = new DataView(bytes.buffer).getUint32(at + cell)
    bytes.fill(0xee, (leaf - 1) * 4096, leaf * 4096)
    await bench.writeSnapshot('newest', bytes)
    await bench.writeSnapshot('older', undefined)
    const { before, repaired } = await mend()
    expect(before.refusal?.code).toBe('CORRUPT_SNAPSHOT')
    expect(repaired.lost.join('\n')).toContain('rows of learning_experiences; ')
    expect(experiences()).toBeGreaterThan(100)
    expect(experiences()).toBeLessThan(200)
    // The values lie in other pages.
    const { rows } = desk.json('query', 'SELECT count(*) FROM q_values', '--storage', storage()) as { rows: number[][] }
    expect(rows).toEqual([[201]])
  })

  test('goes on with the log where only bytes that SQLite does not miss are damaged, and says so', async () => {
    await killedWriter(false)
    for (const which of ['newest', 'older'] as const) {
      await bench.writeSnapshot(which, flipped(await bench.readSnapshot(which), 4096 * 3 - 2000))
    }
    const { repaired } = await mend()
    expect(repaired.lost).toEqual([expect.stringContaining('certainty')])
    expect(experiences()).toBe(ALL + 1)
  })

  test('prefers the log to what another program edited under it, and keeps the edited file', async () => {
    await killedWriter(true)
    const database = new Database(bench.path)
    database.exec("UPDATE learning_agents SET type = 'edited'")
    database.close()
    const { before, repaired } = await mend()
    expect(before.refusal?.code).toBe('MODIFIED_EXTERNALLY')
    expect(repaired.lost).toEqual([])
    expect(experiences()).toBe(ALL + 1)
  })

  test('makes the text index anew', async () => {
    const store = await openLearningStore({ storage: storage() })
    await store.close()
    const database = new Database(bench.path)
    database.exec(`INSERT INTO test_patterns (id, pattern_type, framework, code_signature_hash, code_signature,
      test_template, metadata) VALUES ('p', 'unit', 'jest', 'h', '{}', '{}', '{"name":"Guard","tags":["api","edge"]}')`)
    database.close()
    expect((await mend()).remedy).toBe('text index')
    const sql = "SELECT pattern_id FROM pattern_fts WHERE pattern_fts MATCH 'edges'"
    expect(desk.json('query', sql, '--storage', storage())).toMatchObject({ rows: [['p']] })
  })

  test('drops what is not of this package from the schema, and makes what is missing', async () => {
    const store = await openLearningStore({ storage: storage() })
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    const database = new Database(bench.path)
    database.exec(`DROP INDEX learning_experiences_by_agent_id;
      CREATE TRIGGER spy AFTER INSERT ON q_values BEGIN DELETE FROM learning_agents; END`)
    database.close()
    expect((await mend()).remedy).toBe('copy-rows')
    expect(experiences()).toBe(2)
  })

  test('leaves rows alone that it cannot know better, and says so', async () => {
    const store = await openLearningStore({ storage: storage() })
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    const database = new Database(bench.path)
    database.exec('UPDATE q_values SET visits = -1')
    database.close()
    const { status, stdout } = desk.run('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toContain('values: a count of visits below 0 (1): one: s / a')
    expect(stdout).toContain('nothing that doctor could mend')
  })

  test('changes nothing where nothing can be read', async () => {
    await killedWriter(true)
    for (const which of ['newest', 'older'] as const) await bench.writeSnapshot(which, new Uint8Array(5_000))
    const before = await content()
    const { status, stdout } = desk.run('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toContain('Nothing was changed')
    expect(await content()).toEqual(before)
  })

  test('finds the store again in what was set aside when its file is gone', async () => {
    await killedWriter(true)
    await rm(bench.path)
    for (const name of await bench.names('.head')) await rm(join(bench.directory, name))
    const { repaired } = await mend()
    expect(repaired.kept).toBeDefined()
    expect(experiences()).toBe(ALL + 1)
  })

  test('asks at a terminal', async () => {
    await killedWriter(true)
    await flipRecord(bench, -50)
    const before = await content()
    const refused = desk.runAtTerminal('n\n', 'doctor', '--storage', storage(), '--repair')
    expect(refused.status).toBe(2)
    expect(refused.stdout).toContain('Go on? [y/N]')
    expect(await content()).toEqual(before)
    const mended = desk.runAtTerminal('y\n', 'doctor', '--storage', storage(), '--repair')
    expect(mended.stdout).toContain('the last 50 commits')
    expect(mended.status).toBe(0)
    expect(experiences()).toBe(ALL - 50)
  })

  test('looks at what may only be read, and leaves nothing behind', async () => {
    await killedWriter(true)
    const names = await readdir(bench.directory)
    const paths = [...names.map((name) => join(bench.directory, name)), bench.path]
    for (const path of paths) await chmod(path, 0o400)
    for (const path of [bench.directory, bench.folder]) await chmod(path, 0o500)
    const { status, stdout } = desk.runWith({ TMPDIR: desk.folder }, 'doctor', '--storage', storage())
    for (const path of [bench.directory, bench.folder]) await chmod(path, 0o700)
    expect([status, stdout]).toEqual([0, expect.stringMatching(/sound/)])
    expect(await readdir(desk.folder)).toEqual([])
  })

  test('does not touch a store that somebody has open', async () => {
    const store = await openLearningStore({ storage: storage() })
    const { status, stdout } = desk.run('doctor', '--storage', storage(), '--repair', '--confirm')
    expect(status).toBe(1)
    expect(stdout).toMatch(new RegExp(`^in use {2}LOCKED by process ${process.pid} on \\S+: stop it, or wait`))
    expect(stdout.split('\n')).toHaveLength(2)
    await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
    await store.close()
    expect(desk.run('verify', '--storage', storage()).status).toBe(0)
  })
})
