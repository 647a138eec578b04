import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { LearningEngine, openLearningStore } from '../../src/entry/node.ts'
import { defaultNodeStorage } from '../../src/runtime/node/default-storage.ts'

const AGENTIC_QE = join('.agentic-qe', 'memory.db')
const OWN = join('.learning-store', 'learning.db')

let folder: string
let previousFolder: string
beforeEach(() => {
  previousFolder = process.cwd()
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'default-storage-')))
  process.chdir(folder)
  vi.stubEnv('LEARNING_STORE', undefined)
  vi.stubEnv('AQE_DB_PATH', undefined)
})
afterEach(() => {
  process.chdir(previousFolder)
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function createStore(path: string): Promise<void> {
  await using store = await openLearningStore({ storage: `file:${path}` })
  await store.agent('one')
}

function createForeign(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  database.exec('CREATE TABLE q_values (id INTEGER PRIMARY KEY)')
  database.close()
}

const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

describe('the default storage in Node', () => {
  test('is the storage that LEARNING_STORE names', async () => {
    await createStore(AGENTIC_QE)
    vi.stubEnv('AQE_DB_PATH', 'other.db')
    vi.stubEnv('LEARNING_STORE', 'file:named.db')
    expect(await defaultNodeStorage()).toBe('file:named.db')
    vi.stubEnv('LEARNING_STORE', 'memory:')
    expect(await defaultNodeStorage()).toBe('memory:')
    vi.stubEnv('LEARNING_STORE', 'named.db')
    await expect(defaultNodeStorage()).rejects.toThrow(
      'Expected LEARNING_STORE to be file:PATH or memory:, got "named.db"',
    )
  })

  test('is the path that AQE_DB_PATH names, without LEARNING_STORE', async () => {
    await createStore(AGENTIC_QE)
    vi.stubEnv('AQE_DB_PATH', 'other.db')
    vi.stubEnv('LEARNING_STORE', '')
    expect(await defaultNodeStorage()).toBe('file:other.db')
  })

  test('is .agentic-qe/memory.db if that is a learning store', async () => {
    vi.stubEnv('AQE_DB_PATH', '')
    await createStore(AGENTIC_QE)
    expect(await defaultNodeStorage()).toBe(`file:${AGENTIC_QE}`)
  })

  test('is .learning-store/learning.db if there is no other store', async () => {
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
    await createStore(OWN)
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
  })

  test('is .learning-store/learning.db beside a file of another program', async () => {
    createForeign(AGENTIC_QE)
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
    await createStore(OWN)
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
  })

  test.each([
    ['an empty file', () => writeFileSync(AGENTIC_QE, '')],
    ['a short file', () => writeFileSync(AGENTIC_QE, 'SQLite format 3')],
    ['a folder', () => mkdirSync(AGENTIC_QE)],
  ])('is .learning-store/learning.db if .agentic-qe/memory.db is %s', async (_, create) => {
    mkdirSync(dirname(AGENTIC_QE))
    create()
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
  })

  test('is .learning-store/learning.db if .agentic-qe is a file', async () => {
    writeFileSync(dirname(AGENTIC_QE), '')
    expect(await defaultNodeStorage()).toBe(`file:${OWN}`)
  })

  test('is refused if there are two learning stores', async () => {
    await createStore(AGENTIC_QE)
    await createStore(OWN)
    const error = expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`${join(folder, AGENTIC_QE)} and ${join(folder, OWN)}`),
    })
    await expect(defaultNodeStorage()).rejects.toEqual(error)
    await expect(openLearningStore()).rejects.toEqual(error)
    vi.stubEnv('LEARNING_STORE', `file:${OWN}`)
    await using store = await openLearningStore()
    expect((await store.status()).storage).toBe(`file:${join(folder, OWN)}`)
  })

  test.each([
    ['lost', () => rmSync(AGENTIC_QE)],
    ['damaged', () => writeFileSync(AGENTIC_QE, new Uint8Array(4096))],
  ])('stays .agentic-qe/memory.db if that file is %s and its log is left', async (_, damage) => {
    await createStore(AGENTIC_QE)
    damage()
    expect(await defaultNodeStorage()).toBe(`file:${AGENTIC_QE}`)
  })

  test('is found without creating or locking anything, also while the store is open', async () => {
    await defaultNodeStorage()
    expect(files()).toEqual([])
    await using store = await openLearningStore({ storage: `file:${AGENTIC_QE}` })
    await store.flush()
    const [names, bytes] = [files(), readFileSync(AGENTIC_QE)]
    expect(await defaultNodeStorage()).toBe(`file:${AGENTIC_QE}`)
    expect(files()).toEqual(names)
    expect(readFileSync(AGENTIC_QE).equals(bytes)).toBe(true)
  })

  test('is what openLearningStore opens', async () => {
    await using store = await openLearningStore()
    expect((await store.status()).storage).toBe(`file:${join(folder, OWN)}`)
  })

  test('is what the command line opens', async () => {
    await createStore(OWN)
    let output = ''
    const stdout = Object.assign(Object.create(process.stdout), {
      isTTY: false,
      write: (text: string) => {
        output += text
        return true
      },
    })
    const exitCode = await run(['learn', 'status', '--json'], {
      stdin: process.stdin,
      stdout,
      stderr: process.stderr,
      env: process.env,
    })
    expect([exitCode, JSON.parse(output)]).toMatchObject([0, { storage: `file:${OWN}`, agents: [{ id: 'one' }] }])
  })

  test("is not that of the classes of agentic-qe's persistence document", async () => {
    vi.stubEnv('LEARNING_STORE', 'file:named.db')
    const engine = new LearningEngine('one')
    await engine.initialize()
    await engine.dispose()
    expect(files()).toContain(AGENTIC_QE)
    expect(files()).not.toContain('named.db')
  })
})
