// Logs without ids and times: what equals a known experience is skipped and reported, or counts as another one.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type AsyncStore, type ImportOptions, openLearningStore } from '../../src/entry/node.ts'
import { utf8 } from './sources.ts'

const day = (rows: number): Uint8Array => utf8(`state,action,reward\n${'1,2,1\n'.repeat(rows)}`)
/** Three days of a log. The second has the bytes of the first. */
const DAYS = [day(100), day(100), day(150)]

const EPISODE =
  '{"observations":[1,1,1],"actions":[2,2],"rewards":[1,1],"terminations":[false,false],"truncations":[false,false]}\n'
const TRAJECTORY = '{"id":null,"state":"s","action":"a","reward":1}\n'
const MODEL = (version: string): string =>
  JSON.stringify({
    agentId: 'm',
    version,
    qTable: {},
    experiences: [{ taskType: 't', state: 1, action: 2, reward: 1, nextState: 3 }],
  })

const keep: ImportOptions = { duplicates: 'keep' }

const memory = (): Promise<AsyncStore> => openLearningStore({ storage: 'memory:', seed: 1 })

async function importAll(store: AsyncStore, files: readonly Uint8Array[], options?: ImportOptions) {
  const results = []
  for (const [i, file] of files.entries()) {
    results.push(await store.importFile(file, { name: `logs/day-${i}.csv`, ...options }))
  }
  return results
}

describe('experiences without id and time that equal known ones', () => {
  test('are skipped, and a note says how many they are and what to do', async () => {
    await using store = await memory()
    const [first, second, third] = await importAll(store, DAYS)
    expect(await store.experiences.count()).toBe(150)
    expect(first?.notes).toEqual([])
    expect(second?.changes).toContainEqual({ what: 'experiences', added: 0, known: 100 })
    for (const result of [second, third]) {
      expect(result?.notes).toEqual([expect.stringMatching(/^100 experiences .* neither an id nor a time .*'keep'/)])
    }
  })

  test('are reported by a dry run, too', async () => {
    await using store = await memory()
    await store.importFile(day(2))
    const { notes } = await store.importFile(day(3), { dryRun: true })
    expect(notes).toEqual([expect.stringMatching(/^2 experiences /)])
  })

  test('all count with duplicates: keep, each file once', async () => {
    await using store = await memory()
    for (const { changes, notes } of await importAll(store, DAYS, keep)) {
      expect(changes.at(-1)).toMatchObject({ known: 0 })
      expect(notes).toEqual([])
    }
    expect(await store.experiences.count()).toBe(350)
    for (const { changes, notes } of await importAll(store, DAYS, keep)) {
      expect(changes).toContainEqual({ what: 'experiences', added: 0, known: expect.any(Number) })
      expect(notes).toEqual([expect.stringMatching(/^1[05]0 experiences were imported before from a file/)])
    }
    expect(await store.experiences.count()).toBe(350)
  })

  test.each([
    ['in another folder', 'archive/day-0.csv', 100],
    ['in a folder of Windows', 'C:\\logs\\day-0.csv', 100],
    ['with another name', 'logs/day-4.csv', 200],
  ])('of the same file %s are %s: %i', async (_, name, all) => {
    await using store = await memory()
    await importAll(store, [day(100)], keep)
    await store.importFile(day(100), { ...keep, name })
    expect(await store.experiences.count()).toBe(all)
  })

  test('of the same bytes without a name count once', async () => {
    await using store = await memory()
    for (let round = 0; round < 2; round++) await store.importFile(day(100), keep)
    expect(await store.experiences.count()).toBe(100)
  })

  test('are those of the same file after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'duplicates-'))
    try {
      for (let round = 0; round < 2; round++) {
        await using store = await openLearningStore({ storage: `file:${join(folder, 'a.db')}` })
        await importAll(store, DAYS, keep)
        expect(await store.experiences.count()).toBe(350)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test.each<[string, Uint8Array, Uint8Array, number]>([
    ['CSV', day(2), day(3), 5],
    ['JSON Lines', utf8(EPISODE), utf8(`${EPISODE}\n`), 4],
    ['trajectories of RuVector', utf8(TRAJECTORY), utf8(TRAJECTORY + TRAJECTORY), 3],
    ['a LearningModelState', utf8(MODEL('1')), utf8(MODEL('2')), 2],
  ])('are reported, or all count, in %s', async (_, one, other, all) => {
    await using skipping = await memory()
    const [, second] = await importAll(skipping, [one, other])
    expect(second?.notes.join('\n')).toMatch(/^\d experiences? .* neither an id nor a time/m)
    await using keeping = await memory()
    await importAll(keeping, [one, other], keep)
    await importAll(keeping, [one], keep)
    expect(await keeping.experiences.count()).toBe(all)
  })

  test('can count twice if they were imported without keep before, and a note says so', async () => {
    await using store = await memory()
    await store.importFile(day(2))
    const { notes } = await store.importFile(day(2), keep)
    expect(notes).toEqual([expect.stringMatching(/^2 added experiences equal .* without duplicates: 'keep'/)])
    expect(await store.experiences.count()).toBe(4)
  })
})

test('experiences with an id or a time are recognized, whatever the file', async () => {
  const log = (extra: string): Uint8Array =>
    utf8(
      `state,action,reward,experience_id,timestamp\n1,2,1,x,\n1,2,1,,2026-01-31 12:00:00\n1,2,1,,2026-01-31 12:00:00\n${extra}`,
    )
  await using store = await memory()
  await importAll(store, [log(''), log('1,2,1,y,\n')], keep)
  expect(await store.experiences.count()).toBe(4)
  const { notes } = await store.importFile(log(''))
  expect(notes).toEqual([])
})

test('the ids of experiences differ between files only with keep', async () => {
  await using store = await memory()
  await importAll(store, [day(1)])
  const [first] = await store.experiences.list()
  await using other = await memory()
  await importAll(other, [day(1)], keep)
  const [second] = await other.experiences.list()
  expect(first?.id).not.toBe(second?.id)
})

test('only skip and keep are ways to treat duplicates', async () => {
  await using store = await memory()
  await expect(store.importFile(day(1), { duplicates: 'all' } as object)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Expected duplicates to be one of skip, keep'),
  })
})
