import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'

/** A store that is named by a symbolic link, as a program finds a volume. */

let folder: string
const at = (...path: readonly string[]): string => join(folder, ...path)
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'links-')))
  await mkdir(at('volume'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Opens a store, learns and closes it. Returns how many experiences it has then. */
async function learnIn(path: string): Promise<number> {
  const store = await openLearningStore({ storage: `file:${path}` })
  const agent = await store.agent('router')
  await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
  const count = await store.experiences.count()
  await store.close()
  return count
}

/** Makes links by their names, and opens the last one. */
async function linked(
  links: readonly (readonly [to: string, path: string])[],
  ...rest: readonly string[]
): Promise<string> {
  for (const [to, path] of links) await symlink(to, at(path))
  return at(links.at(-1)?.[1] ?? '', ...rest)
}

const ways: { readonly [name: string]: () => Promise<string> } = {
  'an absolute link': () => linked([[at('volume', 'learning.db'), 'link.db']]),
  'a relative link': () => linked([['volume/learning.db', 'link.db']]),
  'a chain of links': () =>
    linked([
      ['volume/learning.db', 'first.db'],
      ['first.db', 'second.db'],
      ['second.db', 'link.db'],
    ]),
  'a link to a folder': () => linked([['volume', 'data']], 'learning.db'),
  'a link to a folder, and one in it': async () => {
    await symlink('../volume/learning.db', at('volume', 'current.db'))
    return linked([['volume', 'data']], 'current.db')
  },
}

describe.each(Object.entries(ways))('%s', (_, make) => {
  test('to a file that does not exist stays, and the store is made at its target', async () => {
    const path = await make()
    expect(await learnIn(path)).toBe(1)
    expect((await readFile(at('volume', 'learning.db'))).subarray(0, 15).toString()).toBe('SQLite format 3')
    expect((await readdir(at('volume'))).filter((name) => name.endsWith('.log'))).toEqual(['learning.db.log'])
    expect((await readdir(folder)).filter((name) => name.endsWith('.log'))).toEqual([])
    expect(await learnIn(path)).toBe(2)
    expect(await learnIn(at('volume', 'learning.db'))).toBe(3)
  })

  test('and the file itself are one store, from the first opening on', async () => {
    const path = await make()
    const store = await openLearningStore({ storage: `file:${path}` })
    const second = openLearningStore({ storage: `file:${at('volume', 'learning.db')}`, lockTimeoutMs: 0 })
    await expect(second).rejects.toMatchObject({ code: 'LOCKED' })
    await store.close()
  })
})

test('a reader of a link without a store rejects, and creates nothing', async () => {
  const path = await linked([['volume/learning.db', 'link.db']])
  await expect(openLearningStore({ storage: `file:${path}`, readOnly: true })).rejects.toMatchObject({
    code: 'STORE_MISSING',
    message: expect.stringContaining(at('volume', 'learning.db')),
  })
  expect(await readdir(at('volume'))).toEqual([])
})

test.each([
  ['of a file', 'gone/learning.db', []],
  ['of a folder', 'gone/data', ['learning.db']],
])('the missing folder of a link %s is not created: its volume may not be mounted', async (_, to, rest) => {
  const path = await linked([[to, 'link']], ...rest)
  await expect(openLearningStore({ storage: `file:${path}` })).rejects.toMatchObject({
    code: 'STORAGE_ERROR',
    message: expect.stringMatching(`${at('link')} is a link to ${at(to)}, whose folder does not exist.*[Mm]ount`),
  })
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['link', 'volume']))
  expect(await readlink(at('link'))).toBe(to)
})

test.each([
  ['itself', [['link.db', 'link.db']]],
  [
    'a link back',
    [
      ['link.db', 'other.db'],
      ['other.db', 'link.db'],
    ],
  ],
] as const)('a link to %s is refused with the reason', async (_, links) => {
  const path = await linked(links as never)
  await expect(openLearningStore({ storage: `file:${path}` })).rejects.toMatchObject({
    code: 'STORAGE_ERROR',
    message: expect.stringMatching(/ELOOP/),
  })
})
