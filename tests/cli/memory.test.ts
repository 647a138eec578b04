import { readdirSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsyncStore } from '../../src/entry/node.ts'
import { Desk } from './program.ts'

async function fill({ memory }: AsyncStore): Promise<void> {
  const planner = memory.as({ agentId: 'planner', teamId: 'qe' })
  await planner.set({ key: 'plan', value: { steps: ['build', 'retry the tests'] }, accessLevel: 'team' })
  await planner.set({
    key: 'plan:old',
    partition: 'shared',
    value: 'Build nothing',
    ttlMs: 0,
    metadata: { by: 'hand' },
  })
  await planner.set({ key: 'gone', value: 'retry', expiresAt: '1970-01-01T00:00:00.001Z' })
  const embedding = { embedder: 'mini', vector: [1, 2, 3] }
  await planner.set({ key: 'long', value: 'x'.repeat(5000), accessLevel: 'public', embedding })
}

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(fill)
})
afterAll(() => desk[Symbol.asyncDispose]())

const keys = async (...args: string[]): Promise<unknown> => {
  const { entries, hits } = (await desk.json('memory', ...args)) as {
    readonly entries?: readonly { readonly key: string }[]
    readonly hits?: readonly { readonly entry: { readonly key: string } }[]
  }
  return (entries ?? hits?.map(({ entry }) => entry))?.map(({ key }) => key)
}

describe('memory list', () => {
  test('shows what the only owner may read, in lines that fit', async () => {
    const { status, stdout, stderr } = await desk.run('memory', 'list')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^key +partition +value +owner +access +expires/)
    expect(stdout).toMatch(/plan:old +shared +Build nothing +planner +private +never/)
    expect(stdout).not.toContain('gone')
    const { stdout: colored } = await desk.runAtTerminal('', 'memory', 'list')
    const widths = stripVTControlCharacters(colored)
      .split('\n')
      .map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(80)
  })

  test('selects by caller, partition and key', async () => {
    expect(await keys('list')).toEqual(['long', 'plan', 'plan:old'])
    expect(await keys('list', '--as', 'other')).toEqual(['long'])
    expect(await keys('list', '--as', 'other', '--team', 'qe')).toEqual(['long', 'plan'])
    expect(await keys('list', '--partition', 'shared')).toEqual(['plan:old'])
    expect(await keys('list', '--keys', 'plan*')).toEqual(['plan', 'plan:old'])
    expect(await desk.json('memory', 'list', '--limit', '1')).toMatchObject({
      caller: { agentId: 'planner' },
      isTruncated: true,
    })
    expect((await desk.run('memory', 'list', '--limit', '1')).stdout).toContain('more than 1')
    expect((await desk.run('memory', 'list', '--as', 'other', '--keys', 'none')).stdout).toBe('No entries.\n')
  })
})

test('memory search finds by words', async () => {
  expect(await keys('search', 'building')).toEqual(['plan:old', 'plan'])
  expect(await keys('search', 'building retry', '--all')).toEqual(['plan'])
  expect(await keys('search', 'building', '--as', 'other')).toEqual([])
  expect(await keys('search', 'plan', '--partition', 'default', '--limit', '1')).toEqual(['plan'])
  const { stdout } = await desk.run('memory', 'search', 'retr*')
  expect(stdout).toMatch(
    /^score +key +partition +value\n *[\d.]+ +plan +default +\{"steps":\["build","retry the tests"\]\}\n$/,
  )
  expect((await desk.run('memory', 'search', '"')).stdout).toBe('No entries match.\n')
})

test('memory show prints one entry', async () => {
  const { stdout } = await desk.run('memory', 'show', 'plan:old', '--partition', 'shared')
  expect(stdout).toMatch(/partition +shared/)
  expect(stdout).toMatch(/metadata +\{"by":"hand"\}/)
  expect(stdout).toMatch(/\n\nBuild nothing\n$/)
  expect((await desk.run('memory', 'show', 'long')).stdout).toMatch(/embedder +mini, 3 numbers/)
  expect(await desk.json('memory', 'show', 'plan')).toMatchObject({ entry: { key: 'plan', accessLevel: 'team' } })
  for (const [args, code, status] of [
    [['memory', 'show', 'none'], 'NOT_FOUND', 1],
    [['memory', 'show', 'gone'], 'NOT_FOUND', 1],
    [['memory', 'show', 'plan', '--as', 'other'], 'ACCESS_DENIED', 1],
  ] as const) {
    const ended = await desk.run(...args, '--json')
    expect([ended.status, JSON.parse(ended.stderr)]).toEqual([status, { error: expect.objectContaining({ code }) }])
  }
})

test('memory forget deletes one entry after a snapshot, with confirmation', async () => {
  await using own = await Desk.make()
  await own.teach(fill)
  expect((await own.run('memory', 'forget', 'plan')).status).toBe(2)
  expect((await own.run('memory', 'forget', 'long', '--as', 'other', '--confirm')).status).toBe(1)
  expect((await own.run('memory', 'forget', 'none', '--confirm')).status).toBe(1)
  const { status, stdout } = await own.run('memory', 'forget', 'plan', '--confirm')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Deleted plan in the partition default\. The previous/)])
  expect(await own.json('memory', 'list')).toMatchObject({ entries: [{ key: 'long' }, { key: 'plan:old' }] })
  expect(readdirSync(own.path('.agentic-qe')).length).toBeGreaterThan(1)
})

test('several owners are named, and none is chosen', async () => {
  await using own = await Desk.make()
  expect((await own.run('memory', 'list')).status).toBe(1)
  await own.teach(async ({ memory }) => {
    await memory.as({ agentId: 'a' }).set({ key: 'k', value: 1 })
  })
  expect((await own.run('memory', 'list')).status).toBe(0)
  await own.teach(async ({ memory }) => {
    for (const key of ['l', 'm']) await memory.as({ agentId: 'b' }).set({ key, value: 1 })
  })
  const { status, stderr } = await own.run('memory', 'list')
  expect([status, stderr]).toEqual([2, expect.stringContaining('Owners: b (2), a (1)')])
})
