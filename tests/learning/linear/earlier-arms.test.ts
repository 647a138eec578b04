import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'

// A store of schema 4 with two LinUCB agents: actions that pay x and 1 - x, in states { x, isNew }. 40 experiences of `whole`, which
// are all there; 80 of `pruned`, of which 10 were removed, and about which the model knows more than its experiences.
const FIXTURE = new URL('../../fixtures/lin-ucb-schema-4.db.gz', import.meta.url)
const ACTIONS = ['grows', 'falls']

let folder: string
let store: AsyncStore
const open = (): Promise<AsyncStore> => openLearningStore({ storage: `file:${join(folder, 'store.db')}`, seed: 7 })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learning-store-'))
  writeFileSync(join(folder, 'store.db'), gunzipSync(readFileSync(FIXTURE)))
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function predicted(id: string, x: number): Promise<number[]> {
  const agent = await store.agent(id)
  const { values } = await agent.selectAction({ x, isNew: false }, { actions: ACTIONS, greedy: true })
  return values.map(({ value }) => value)
}

test('a LinUCB agent of an earlier version learns again from all of its experiences, with an intercept', async () => {
  for (const x of [0, 0.5, 0.9]) {
    const [grows = 0, falls = 0] = await predicted('whole', x)
    expect(Math.abs(grows - x), `${grows}`).toBeLessThan(0.1)
    expect(Math.abs(falls - (1 - x)), `${falls}`).toBeLessThan(0.1)
  }
  const agent = await store.agent('whole')
  expect((await agent.selectAction({ x: 1 }, { actions: ACTIONS })).values.map(({ visits }) => visits)).toEqual([
    20, 20,
  ])
  expect((await agent.status()).warnings).toEqual([])
})

test('one whose experiences were pruned keeps its model, as far as it was stored, and says so', async () => {
  const [grows = 0, falls = 0] = await predicted('pruned', 0.9)
  expect(Math.abs(grows - 0.9), `${grows}`).toBeLessThan(0.2)
  expect(grows).toBeGreaterThan(falls)
  const agent = await store.agent('pruned')
  expect((await agent.selectAction({ x: 1 }, { actions: ACTIONS })).values.map(({ visits }) => visits)).toEqual([
    40, 40,
  ])
  expect((await agent.status()).warnings).toEqual([expect.stringMatching(/^The model is that of an earlier version/)])
})

test('both go on learning, and are the same after reopening', async () => {
  for (const id of ['whole', 'pruned']) {
    const agent = await store.agent(id)
    await agent.learn({ state: { x: 0.9, isNew: true }, action: 'grows', reward: 1, terminated: true })
    const before = await predicted(id, 0.4)
    await store.close()
    store = await open()
    expect(await predicted(id, 0.4)).toEqual(before)
  }
  expect(await store.verify()).toMatchObject({ ok: true })
})
