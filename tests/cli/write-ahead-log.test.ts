import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXPERIENCES } from '../transfer/foreign-files.ts'
import { Desk, threeAgents } from './program.ts'

let desk: Desk
let program: Database.Database | undefined
beforeEach(async () => {
  desk = await Desk.make()
})
afterEach(async () => {
  program?.close()
  program = undefined
  await desk[Symbol.asyncDispose]()
})

/** A program that has its database in `project/` open in WAL mode, with all its rows in the log. */
function running(): string {
  mkdirSync(desk.path('project'))
  program = new Database(desk.path('project/memory.db'))
  program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = off')
  program.exec(EXPERIENCES)
  for (let i = 0; i < 9; i++) {
    program.exec(`INSERT INTO learning_experiences (agent_id, task_type, state, action, reward, next_state)
      VALUES ('a', 't', '{"i":${i}}', '"go"', 1, '{}')`)
  }
  return desk.path('project/memory.db')
}

const taken = /^experiences +9 +0$/m

describe('import', () => {
  test.each([
    ['a file', () => ['project/memory.db']],
    ['a folder', () => ['project']],
    ['all files of a folder by name', () => readdirSync(desk.path('project')).map((name) => `project/${name}`)],
  ])('of %s takes the write-ahead logs of its databases along, and leaves them as they are', async (_, args) => {
    running()
    expect(readdirSync(desk.path('project'))).toEqual(['memory.db', 'memory.db-shm', 'memory.db-wal'])
    const before = readdirSync(desk.path('project')).map((name) => readFileSync(desk.path(`project/${name}`), 'latin1'))
    const { status, stdout, stderr } = await desk.run('import', ...args())
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(taken)
    expect(stdout).not.toMatch(/skipped|-wal/)
    expect(
      readdirSync(desk.path('project')).map((name) => readFileSync(desk.path(`project/${name}`), 'latin1')),
    ).toEqual(before)
  })

  test('of a log names its database, and names a log without one as skipped', async () => {
    running()
    const { status, stderr } = await desk.run('import', 'project/memory.db-wal')
    expect([status, stderr]).toEqual([1, expect.stringContaining('Import project/memory.db, which brings its -wal')])
    mkdirSync(desk.path('lost'))
    copyFileSync(desk.path('project/memory.db-wal'), desk.path('lost/lost.db-wal'))
    writeFileSync(desk.path('lost/rows.csv'), 'state,action,reward\ns,a,1\n')
    expect((await desk.run('import', 'lost')).stdout).toMatch(/skipped {2}\S+lost\.db-wal/)
  })

  test('of a database that was copied without its log suggests to copy the log, too', async () => {
    copyFileSync(running(), desk.path('copy.db'))
    const { status, stderr } = await desk.run('import', 'copy.db')
    expect([status, stderr]).toEqual([1, expect.stringMatching(/NOT_A_STORE .* copy copy\.db-wal, too\.$/m)])
  })

  test('of a database with an unfinished transaction fails and makes no store', async () => {
    const path = running()
    program?.pragma('journal_mode = delete')
    program?.exec('BEGIN; UPDATE learning_experiences SET reward = 0')
    const { status, stderr } = await desk.run('import', path)
    expect([status, stderr]).toEqual([1, expect.stringMatching(/LOCKED .*unfinished transaction/)])
    expect(readdirSync(desk.folder)).toEqual(['project'])
  })

  test('says which part of a log it leaves out', async () => {
    const path = running()
    copyFileSync(path, desk.path('copy.db'))
    writeFileSync(desk.path('copy.db-wal'), readFileSync(`${path}-wal`).subarray(0, -10))
    const { stdout } = await desk.run('import', 'copy.db')
    expect(stdout).toMatch(/^experiences +8 +0$/m)
    expect(stdout).toMatch(/note +SQLite ignores the last 2 pages of copy\.db-wal/)
  })
})

test('merge takes the write-ahead log of a store that another program has open along', async () => {
  await desk.teach(threeAgents, `file:${desk.path('other.db')}`)
  rmSync(desk.path('other.db.log'), { recursive: true })
  program = new Database(desk.path('other.db'))
  program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
  program.exec(`DELETE FROM learning_experiences WHERE agent_id = 'crawler'`)
  expect(await desk.json('merge', 'other.db')).toMatchObject({ files: [{ merged: { added: 24 } }] })
})
