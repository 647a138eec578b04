import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { Desk, threeAgents } from './program.ts'

/** Commands on a store that is named by a symbolic link, whose log lies beside its target, or below the home directory. */

let desk: Desk
let other: Desk
beforeEach(async () => {
  desk = await Desk.make()
  other = await Desk.make()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await desk[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

const COUNT = ['query', 'SELECT count(*) FROM learning_experiences', '--columns'] as const

describe('through a link', () => {
  test('doctor examines a copy, with its log', async () => {
    await desk.teach(threeAgents, `file:${desk.path('work.db')}`)
    const log = readdirSync(desk.path('work.db.log'))
    symlinkSync(desk.path('work.db'), other.path('link.db'))
    const found = await other.run('doctor', '--storage', 'file:link.db')
    expect(found).toMatchObject({ status: 0, stderr: '' })
    expect(found.stdout).not.toContain('without its log')
    expect(readdirSync(desk.path('work.db.log'))).toEqual(log)
  })

  test('import takes what is in the log alone', async () => {
    const writer = await openLearningStore({ storage: `file:${desk.path('work.db')}`, durability: 'strict' })
    try {
      await threeAgents(writer)
      symlinkSync(desk.path('work.db'), other.path('link.db'))
      expect(await other.run('import', 'link.db')).toMatchObject({ status: 0, stderr: '' })
      expect(await other.json(...COUNT)).toMatchObject({ rows: [[36]] })
    } finally {
      await writer.close()
    }
  })
})

describe('file:~/', () => {
  test('names a file below the home directory, for programs, commands and the environment', async () => {
    vi.stubEnv('HOME', desk.folder)
    await desk.teach(threeAgents, 'file:~/work.db')
    expect(existsSync(desk.path('work.db'))).toBe(true)
    expect(await other.json(...COUNT, '--storage', 'file:~/work.db')).toMatchObject({ rows: [[36]] })
    const { stdout } = await other.runWith({ LEARNING_STORE: 'file:~/work.db' }, ...COUNT, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ rows: [[36]] })
    expect(existsSync('~')).toBe(false)
  })

  test('of another user is refused', async () => {
    for (const storage of ['file:~', 'file:~root/work.db'] as const) {
      await expect(openLearningStore({ storage })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('~/'),
      })
    }
  })

  test('after ./ is a folder of that name', async () => {
    expect(await other.run('memory', 'list', '--storage', 'file:./~/work.db')).toMatchObject({
      stderr: expect.stringContaining(other.path('~/work.db')),
    })
  })
})
