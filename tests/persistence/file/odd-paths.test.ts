import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'

/** Names of files that other programs trip over. */
const NAMES = [
  'with space.db',
  ' space first.db',
  'space last ',
  'ünïcödé.db',
  'u\u0308.db',
  '学習.db',
  '🧠.db',
  '%20.db',
  '100%.db',
  'a#b.db',
  'a?b.db',
  'a&b=c.db',
  "it's.db",
  '"quoted".db',
  'back\\slash.db',
  'new\nline.db',
  'tab\t.db',
  '$HOME.db',
  '`date`.db',
  '*.db',
  '[a].db',
  '{a,b}.db',
  '-rf',
  '--help',
  '.hidden',
  '...',
  'no-extension',
  'a.db.log.db',
  'a.log',
  'con',
  'file:inner.db',
  ':memory:',
  `${'n'.repeat(240)}.db`,
]

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'odd paths-'))
})
afterEach(() => rm(folder, { recursive: true }))

test.each(NAMES)('a store in a file named %j is closed, opened again, and has what it had', async (name) => {
  const storage = `file:${join(folder, name)}` as const
  for (let opening = 1; opening <= 2; opening++) {
    const store = await openLearningStore({ storage })
    const agent = await store.agent('router')
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    expect(await store.experiences.count()).toBe(opening)
    await store.close()
    expect((await readdir(folder)).sort()).toEqual([name, `${name}.log`].sort())
  }
})
