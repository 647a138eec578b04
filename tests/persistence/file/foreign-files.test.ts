import { copyFile, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Model, Session } from '../session.ts'
import { flipped } from '../storage-under-test.ts'
import { type FileHarness, fileHarness } from './file-under-test.ts'

let harness: FileHarness
beforeEach(async () => {
  harness = await fileHarness()
})
afterEach(async () => {
  await harness.dispose()
})

const open = (): Promise<Session> => Session.open(harness.storage())

/** A closed store with two commits, in its snapshot or behind it. */
async function closedStore(commits: 'in the snapshot' | 'in the log'): Promise<Session> {
  const session = await open()
  await session.replace()
  await session.append(['a', 'b'])
  if (commits === 'in the snapshot') await session.replace()
  await session.close()
  return session
}

/** Another program writes to the file while the store is closed. */
async function edit(): Promise<Model> {
  const content = JSON.parse(await readFile(harness.path, 'utf8')) as { sequence: number; items: string[] }
  const model = new Model()
  model.sequence = content.sequence
  model.items.push(...content.items, 'edited')
  await writeFile(harness.path, model.toSnapshot(1).bytes)
  return model
}

describe('A file of another program', () => {
  test.each([
    ['text', Buffer.from('a shopping list')],
    ['the same format', Buffer.from('{"format":"another"}')],
    ['nothing', Buffer.alloc(0)],
  ])('that holds %s is refused, stays as it is, and gets nothing put beside it', async (_, bytes) => {
    await writeFile(harness.path, bytes)
    for (let i = 0; i < 2; i++) {
      await expect(open()).rejects.toMatchObject({
        code: 'NOT_A_STORE',
        message: expect.stringContaining(harness.path),
      })
    }
    expect(await readdir(harness.folder)).toEqual(['learning.db'])
    expect(await readFile(harness.path)).toEqual(bytes)
  })

  test('in the storage of ours is refused, and neither it nor our log is changed', async () => {
    await closedStore('in the log')
    await writeFile(harness.path, '{"format":"another"}')
    const before = await harness.content()
    await expect(open()).rejects.toMatchObject({ code: 'NOT_A_STORE' })
    expect(await harness.content()).toEqual(before)
  })

  test('that is a directory is refused', async () => {
    await mkdir(harness.path)
    await expect(open()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    expect(await readdir(harness.folder)).toEqual(['learning.db'])
  })
})

describe('A file that another program edited', () => {
  test('is accepted and noted if no log follows it', async () => {
    await closedStore('in the snapshot')
    const { items } = await edit()
    const second = await open()
    expect(second.items).toEqual(items)
    expect(second.stored).toMatchObject({
      sequence: 2,
      wantsSnapshot: true,
      notes: [expect.stringContaining('edited')],
    })
    await second.append(['c'])
    await harness.die(second.storage)
    const third = await open()
    expect(third.items).toEqual(second.items)
    expect(third.stored.notes).toEqual([])
    await third.replace()
    await third.append(['d'])
    await third.close()
    expect((await open()).items).toEqual(third.items)
  })

  test('is never replaced by the snapshot before the edit', async () => {
    await closedStore('in the snapshot')
    await edit()
    const second = await open()
    await second.close()
    await writeFile(harness.path, flipped(await readFile(harness.path), 30))
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
  })

  test('is accepted when its writer had died, too', async () => {
    const session = await open()
    await session.replace()
    await harness.die(session.storage)
    const { items } = await edit()
    const second = await open()
    expect(second.items).toEqual(items)
    await second.close()
    expect((await open()).items).toEqual(items)
  })

  test('is refused if a log follows it, and nothing is changed', async () => {
    await closedStore('in the log')
    await edit()
    const before = await harness.content()
    for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code: 'MODIFIED_EXTERNALLY' })
    expect(await harness.content()).toEqual(before)
  })
})

describe('A file of ours', () => {
  test('that was copied without its log is taken as it is', async () => {
    const { items } = await closedStore('in the snapshot')
    await rm(harness.directory, { recursive: true })
    const second = await open()
    expect(second.items).toEqual(items)
    expect(second.stored).toMatchObject({ sequence: undefined, wantsSnapshot: true })
    expect(second.stored.notes).toEqual([expect.stringContaining('without its log')])
    await second.replace()
    await second.append(['c'])
    await second.close()
    const third = await open()
    expect(third.items).toEqual(second.items)
    expect(third.stored.notes).toEqual([])
  })

  test('that was copied without its log and is damaged is refused', async () => {
    await writeFile(harness.path, '{"format":"model","edits":0')
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
    expect(await readdir(harness.folder)).toEqual(['learning.db'])
  })

  test('can be moved together with its log', async () => {
    const { items } = await closedStore('in the log')
    const moved = await fileHarness()
    await rename(harness.directory, moved.directory)
    await copyFile(harness.path, moved.path)
    expect((await Session.open(moved.storage())).items).toEqual(items)
    await moved.dispose()
  })

  test('behind a link is replaced at its target', async () => {
    const real = join(harness.folder, 'real.db')
    await writeFile(real, new Model().toSnapshot().bytes)
    await symlink(real, harness.path)
    const session = await open()
    await session.append(['a'])
    await session.replace()
    await session.close()
    expect(await readlink(harness.path)).toBe(real)
    expect(await readFile(real, 'utf8')).toContain('ADD a')
    expect((await readdir(harness.folder)).sort()).toEqual(['learning.db', 'real.db', 'real.db.log'])
  })

  test('needs no existing directory', async () => {
    await rm(harness.folder, { recursive: true })
    const session = await open()
    await session.append(['a'])
    await session.replace()
    await session.close()
    expect((await open()).items).toEqual(['ADD a'])
  })
})
