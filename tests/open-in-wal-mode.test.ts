import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examine } from '../src/cli/doctor/examination.ts'
import { openLearningStore } from '../src/entry/node.ts'
import { EXPERIENCES } from './transfer/foreign-files.ts'

let folder: string
let path: string
let program: Database.Database | undefined
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-wal-mode-'))
  path = join(folder, 'store.db')
  await using store = await openLearningStore({ storage: `file:${path}`, seed: 1 })
  const agent = await store.agent('a')
  for (let i = 0; i < 3; i++) await agent.learn({ state: i, action: 'x', reward: 1, terminated: true })
})
afterEach(() => {
  program?.close()
  program = undefined
  rmSync(folder, { recursive: true })
})

/** Another program deletes a row in WAL mode, and keeps the file open. */
function edited(file: string): Database.Database {
  program = new Database(file)
  program.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
  program.exec('DELETE FROM learning_experiences WHERE id = 3')
  return program
}

const files = (): unknown[] =>
  readdirSync(folder).map((name) => name.endsWith('.log') || readFileSync(join(folder, name), 'latin1'))

describe.each([
  ['with its log', false],
  ['without its log', true],
])('a store %s whose newest changes are in the write-ahead log of another program', (_, isAlone) => {
  beforeEach(() => {
    if (isAlone) rmSync(`${path}.log`, { recursive: true })
  })

  test.each([false, true])('does not open without them (readOnly: %s), and nothing changes', async (readOnly) => {
    edited(path)
    const before = files()
    await expect(openLearningStore({ storage: `file:${path}`, readOnly })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(/changes of .*store\.db in .*store\.db-wal.*sqlite3 ".*store\.db" \.tables/),
    })
    expect(files()).toEqual(before)
    expect(await examine(path)).toMatchObject({
      refusal: { code: 'LOCKED', message: expect.stringContaining(`${path}-wal`) },
    })
  })

  test('opens with them when that program has closed it', async () => {
    edited(path).close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    await using store = await openLearningStore({ storage: `file:${path}` })
    expect(await store.experiences.count()).toBe(2)
  })
})

test('a database of another program in WAL mode is refused as what it is', async () => {
  const other = join(folder, 'memory.db')
  program = new Database(other)
  program.exec(`PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; ${EXPERIENCES}`)
  for (const readOnly of [false, true]) {
    await expect(openLearningStore({ storage: `file:${other}`, readOnly })).rejects.toMatchObject({
      code: 'NOT_A_STORE',
    })
  }
})
