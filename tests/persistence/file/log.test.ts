import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Holder } from '../../../src/persistence/file/lease-holder.ts'
import { Session } from '../session.ts'
import { flipped, Gate, tearTail } from '../storage-under-test.ts'
import { type FileHarness, fileHarness } from './file-under-test.ts'

let harness: FileHarness
beforeEach(async () => {
  harness = await fileHarness()
})
afterEach(async () => {
  await harness.dispose()
})

const open = (): Promise<Session> => Session.open(harness.storage())

async function withRecords(): Promise<Session> {
  const session = await open()
  await session.replace()
  for (const value of ['a', 'b', 'c']) await session.append([value])
  return session
}

/** Changes the holder in the lease file. */
async function recordHolder(change: Partial<Holder>): Promise<Holder> {
  const [name = ''] = await harness.names('.claim')
  const lease = join(harness.directory, name)
  const holder = { ...(JSON.parse(await readFile(lease, 'utf8')) as Holder), ...change }
  await writeFile(lease, JSON.stringify(holder))
  return holder
}

describe('The log of a file', () => {
  test('whose first bytes are damaged is refused, not taken for an empty one', async () => {
    const session = await withRecords()
    await harness.die(session.storage)
    await harness.writeLog(flipped(await harness.readLog(), 40))
    const before = await harness.content()
    for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    expect(await harness.content()).toEqual(before)
  })

  test('with damaged first bytes does not matter if a snapshot holds its records', async () => {
    const session = await withRecords()
    await harness.writeLog(flipped(await harness.readLog(), 40))
    await session.replace()
    await harness.die(session.storage)
    expect((await open()).items).toEqual(session.items)
  })

  test('that ends before the last commit of a closed store is refused', async () => {
    const session = await withRecords()
    await session.close()
    await tearTail(harness)
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG', message: expect.stringContaining('record 3') })
  })

  test('that is gone altogether from a closed store is refused', async () => {
    const session = await withRecords()
    await session.close()
    for (const name of await harness.names('.log')) await rm(join(harness.directory, name))
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
  })

  test('holds a record once if the lease check after writing failed and it was appended again', async () => {
    const session = await withRecords()
    const [name = ''] = await harness.names('.claim')
    const lease = join(harness.directory, name)
    await rename(lease, `${lease}.away`)
    // A link to itself: asking for the file fails, and not because it is not there.
    await symlink(lease, lease)
    await expect(session.append(['d'])).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await rename(`${lease}.away`, lease)
    await session.retry()
    await session.append(['e'], 'strict')
    await harness.die(session.storage)
    expect((await open()).items).toEqual(session.items)
  })

  test('rejects with STORAGE_ERROR if it cannot be written, and continues when it can', async () => {
    const session = await open()
    await session.replace()
    const away = `${harness.directory}.away`
    await rename(harness.directory, away)
    await writeFile(harness.directory, '')
    await expect(session.append(['a'])).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await expect(session.replace()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await rm(harness.directory)
    await rename(away, harness.directory)
    await session.append(['a'])
    await session.replace()
    await session.close()
    expect((await open()).items).toEqual(['ADD a'])
  })

  test('leaves no temporary file of a writer that died', async () => {
    const session = await withRecords()
    await harness.die(session.storage)
    for (const name of ['9-1.head.tmp', '7.123.456.claim.tmp', '1.claim.tmp']) {
      await writeFile(join(harness.directory, name), 'half')
    }
    await open()
    expect((await readdir(harness.directory)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('keeps a damaged snapshot beside it for inspection', async () => {
    const session = await withRecords()
    await session.replace()
    await session.close()
    const bad = flipped(await readFile(harness.path), 60)
    await writeFile(harness.path, bad)
    const { stored } = await open()
    const [name = ''] = await harness.names('.damaged')
    expect(await readFile(join(harness.directory, name))).toEqual(bad)
    expect(stored.notes[0]).toContain(harness.directory)
  })
})

describe('A snapshot that was not published yet', () => {
  test('and is gone counts as missing: the one at the path is no edit of it', async () => {
    let isFull = false
    const storage = harness.storage((change) => {
      if (isFull && change === 'publish') throw new Error('The disk fails')
    })
    const session = await Session.open(storage)
    await session.replace()
    await session.append(['a'])
    isFull = true
    await expect(session.replace()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await harness.die(session.storage)
    for (const name of await harness.names('.snapshot')) await rm(join(harness.directory, name))
    const next = await Session.open(harness.storage(), { classify: () => 'edited' })
    expect(next.items).toEqual(session.items)
    expect(next.stored.notes).toEqual([expect.stringContaining('set aside')])
    await harness.die(next.storage)
    const later = await open()
    expect(later.items).toEqual(session.items)
    await later.replace()
    await later.close()
    expect((await open()).items).toEqual(session.items)
  })
})

describe('A sleeper on another machine', () => {
  test('may write its own segment and head after the takeover: neither counts', async () => {
    const asleep = new Gate()
    const woken = new Gate()
    let sleeps = false
    const sleeper = await Session.open(
      harness.fileStorage({
        beforeChange: async (change) => {
          if (!sleeps || change !== 'head') return
          asleep.open()
          await woken.opened
        },
      }),
    )
    await sleeper.replace()
    await sleeper.append(['a', 'b'])
    sleeps = true
    const replacing = sleeper.replace()
    await asleep.opened
    await harness.die(sleeper.storage)
    const successor = await open()
    await successor.append(['c'])
    const appended = sleeper.append(['late', 'later'])
    await expect(appended).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await successor.replace()
    await successor.append(['d'])
    woken.open()
    await expect(replacing).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await harness.names('-1.head')).toHaveLength(1)
    expect(await harness.names('-1.log')).toContain('2-1.log')
    await harness.die(successor.storage)
    const last = await open()
    expect(last.items).toEqual(successor.items)
    expect(last.stored.notes).toEqual([])
  })

  test('leaves no file of a snapshot that it began after the takeover', async () => {
    const sleeper = await open()
    await sleeper.replace()
    await harness.die(sleeper.storage)
    const successor = await open()
    const before = await harness.content()
    await expect(sleeper.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await harness.content()).toEqual(before)
    await successor.close()
  })

  test.each([
    ['on another machine', { boot: 'another', machine: 'elsewhere' }],
    ['after a restart of the machine', { boot: 'another' }],
  ])('counts as dead %s when it has shown no life for long, and as living before', async (_, change) => {
    const session = await withRecords()
    const holder = await recordHolder(change)
    await expect(open()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`on ${holder.machine}`),
    })
    const successor = harness.fileStorage({ lease: { beatEveryMs: 5_000, staleAfterMs: 60 } })
    expect((await Session.open(successor, { lockTimeoutMs: 60_000 })).items).toEqual(session.items)
    await expect(session.append(['late'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('counts as dead at once if another process has its process number now', async () => {
    const session = await withRecords()
    await recordHolder({ started: '1' })
    expect((await open()).items).toEqual(session.items)
  })

  test('a lease file that a power cut left empty excludes no one', async () => {
    const session = await withRecords()
    const [name = ''] = await harness.names('.claim')
    await writeFile(join(harness.directory, name), '')
    expect((await open()).items).toEqual(session.items)
  })
})
