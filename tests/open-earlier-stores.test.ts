import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../src/entry/node.ts'
import { fileStorage } from '../src/persistence/file/file-storage.ts'
import { type Content, contentOf, entriesOf, expected } from './earlier-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earlier-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Puts the files of a fixture into the folder. */
async function restore(fixture: string): Promise<void> {
  const bytes = await readFile(join(import.meta.dirname, 'fixtures', '250af8a', fixture))
  for (const [path, value] of await entriesOf<string>(new Blob([bytes]))) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, value as Uint8Array)
  }
}

/** Opens the store; the lease of another machine counts until it has shown no life for a while. */
function open(): Promise<AsyncStore> {
  const storage = fileStorage(join(folder, 'learning.db'), { lease: { beatEveryMs: 5_000, staleAfterMs: 60 } })
  return openLearningStore({ storage, lockTimeoutMs: 60_000 })
}

/** Opens the store, reads all of it and closes it. */
async function opened(): Promise<{ content: Content; findings: readonly unknown[]; notes: readonly string[] }> {
  await using store = await open()
  const [{ findings }, { notes }] = await Promise.all([store.verify(), store.status()])
  return { content: await contentOf(store), findings, notes }
}

describe.each([
  ['was closed', 'file-closed.json.gz'],
  ['was left by a killed process', 'file-killed.json.gz'],
])('A file that an earlier version wrote and that %s', (_, fixture) => {
  beforeEach(() => restore(fixture))

  test('is opened with all that it held, and again after it was closed', async () => {
    expect(await opened()).toEqual({ content: expected, findings: [], notes: [] })
    expect(await opened()).toEqual({ content: expected, findings: [], notes: [] })
  })

  test('is learned from further', async () => {
    const experience = { state: { complexity: 0.5, attempts: 0 }, action: 'mutation', reward: 1, terminated: true }
    for (const count of [13, 14]) {
      await using store = await open()
      const agent = await store.agent('generator')
      await agent.learn(experience)
      const { learning_agents: agents = [] } = await contentOf(store)
      const kept = { experience_count: count, learning_rate: 0.2, planning_steps: 2 }
      expect(agents.find(({ agent_id }) => agent_id === 'generator')).toMatchObject(kept)
    }
  })
})

test('Much of what a killed process left is in its log alone', async () => {
  await restore('file-killed.json.gz')
  await rm(join(folder, 'learning.db.log', '3-2.log'))
  const { content } = await opened()
  expect(content.learning_experiences?.length).toBeLessThan(expected.learning_experiences?.length ?? 0)
})
