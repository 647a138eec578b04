import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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
const rows = (of: Desk, sql: string = VALUES): unknown => (of.json('query', sql) as { rows: unknown }).rows

describe('export and import', () => {
  test.each([
    ['json-lines', 'all.jsonl'],
    ['csv', 'all.csv'],
  ])('bring all experiences to another store as %s', (format, file) => {
    expect(desk.run('export', '--format', format, '--output', file)).toMatchObject({ status: 0, stderr: '' })
    const input = desk.path(file)
    const dry = other.run('import', input, '--dry-run')
    expect(dry.stdout).toMatch(/would add +known\n(.*\n)*experiences +36 +0$/m)
    expect(readdirSync(other.folder)).toEqual([])
    const { status, stdout } = other.run('import', input)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^experiences +36 +0$/m)
    // What was replayed is no experience, so the values themselves differ.
    const visits = VALUES.replace('q_value, ', '')
    expect(rows(other, visits)).toEqual(rows(desk, visits))
    expect(other.run('import', input).stdout).toMatch(/^experiences +0 +36$/m)
    expect(other.json('verify')).toMatchObject({ isSound: true })
  })

  test('of one agent as a learning model keeps its values', () => {
    expect(desk.run('learn', 'export', '--agent', 'crawler', '--output', 'crawler.json').status).toBe(0)
    expect(other.json('import', desk.path('crawler.json'))).toMatchObject({
      files: [{ format: 'learning-model-state' }],
    })
    expect(rows(other)).toEqual(rows(desk, VALUES.replace('ORDER', "WHERE agent_id = 'crawler' ORDER")))
  })

  test('write a folder of agentic-qe, and read its files', () => {
    expect(desk.run('export', '--format', 'agentic-qe', '--output', 'copy').status).toBe(0)
    expect(existsSync(desk.path('copy/data/swarm-memory.db'))).toBe(true)
    expect(other.run('import', desk.path('copy/memory.db'), desk.path('copy/patterns.db')).status).toBe(0)
    expect(rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[36]])
  })

  test('print texts where no file is named, and want one for what is none', () => {
    const { stdout } = desk.run('export', '--format', 'csv', '--what', 'values', '--agent', 'crawler')
    expect(stdout.trim().split('\n')).toHaveLength(4)
    expect(desk.run('export', '--format', 'sqlite')).toMatchObject({ status: 2, stdout: '' })
    expect(desk.run('export', '--format', 'xml', '--output', 'x').stderr).toContain('INVALID_ARGUMENT')
  })

  test('say what they do not know, and read what is missing as an error', () => {
    writeFileSync(other.path('letter.txt'), 'Dear reader')
    expect(other.run('import', 'letter.txt')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('FOREIGN_FILE'),
    })
    expect(other.run('import', 'none.csv')).toMatchObject({ status: 1, stderr: expect.stringContaining('none.csv') })
    expect(other.run('import').status).toBe(2)
  })

  const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const real = `${data}/agentic-qe-1.4.2-memory.db`
  test.skipIf(!existsSync(real))(
    'take in a real file of agentic-qe 1.4.2 (skipped without LEARNING_STORE_DATA)',
    () => {
      const before = readFileSync(real)
      expect(other.run('import', real)).toMatchObject({ status: 0, stderr: '' })
      expect(readFileSync(real)).toEqual(before)
      expect(other.json('verify')).toMatchObject({ isSound: true })
    },
  )
})

describe('merge', () => {
  test('takes in the experiences of another store, also those that are in its log only, and each once', async () => {
    await other.teach(async (store) => {
      const agent = await store.agent('elsewhere')
      await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    })
    const file = desk.path('.agentic-qe/memory.db')
    expect(other.run('merge', file, '--dry-run').status).toBe(0)
    expect(rows(other, 'SELECT count(*) FROM learning_experiences')).toEqual([[1]])
    expect(other.json('merge', file)).toMatchObject({ files: [{ format: 'learning-store', merged: { added: 36 } }] })
    expect(other.json('merge', file)).toMatchObject({ files: [{ merged: { added: 0, known: 36 } }] })
    expect(desk.json('merge', other.path('.agentic-qe/memory.db'))).toMatchObject({ files: [{ merged: { added: 1 } }] })
    expect(rows(desk)).toEqual(rows(other))
  })
})
