import { readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Session } from '../session.ts'
import { flipped, Gate, tearTail } from '../storage-under-test.ts'
import { type FileBench, fileBench } from './file-under-test.ts'

let bench: FileBench
beforeEach(async () => {
  bench = await fileBench()
})
afterEach(async () => {
  await bench.dispose()
})

const open = (): Promise<Session> => Session.open(bench.storage())

async function withRecords(): Promise<Session> {
  const session = await open()
  await session.replace()
  for (const value of ['a', 'b', 'c']) await session.append([value])
  return session
}

describe('The log of a file', () => {
  test('whose first bytes are damaged is refused, not taken for an empty one', async () => {
    const session = await withRecords()
    await bench.die(session.storage)
    await bench.writeLog(flipped(await bench.readLog(), 40))
    const before = await bench.content()
    for (let i = 0; i < 2; i++) await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    expect(await bench.content()).toEqual(before)
  })

  test('does not matter with damaged first bytes where a snapshot holds its records', async () => {
    const session = await withRecords()
    await bench.writeLog(flipped(await bench.readLog(), 40))
    await session.replace()
    await bench.die(session.storage)
    expect((await open()).items).toEqual(session.items)
  })

  test('that ends before the last commit of a closed store is refused', async () => {
    const session = await withRecords()
    await session.close()
    await tearTail(bench)
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG', message: expect.stringContaining('record 3') })
  })

  test('that is gone altogether from a closed store is refused', async () => {
    const session = await withRecords()
    await session.close()
    for (const name of await bench.names('.log')) await rm(join(bench.directory, name))
    await expect(open()).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
  })

  test('has its record once when the lease could not be checked after writing and it was appended again', async () => {
    const session = await withRecords()
    const [name = ''] = await bench.names('.claim')
    const lease = join(bench.directory, name)
    await rename(lease, `${lease}.away`)
    // A link to itself: asking for the file fails, and not because it is not there.
    await symlink(lease, lease)
    await expect(session.append(['d'])).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await rename(`${lease}.away`, lease)
    await session.retry()
    await session.append(['e'], 'strict')
    await bench.die(session.storage)
    expect((await open()).items).toEqual(session.items)
  })

  test('says STORAGE_ERROR when it cannot be written, and goes on when it can', async () => {
    const session = await open()
    await session.replace()
    const away = `${bench.directory}.away`
    await rename(bench.directory, away)
    await writeFile(bench.directory, '')
    await expect(session.append(['a'])).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await expect(session.replace()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await rm(bench.directory)
    await rename(away, bench.directory)
    await session.append(['a'])
    await session.replace()
    await session.close()
    expect((await open()).items).toEqual(['ADD a'])
  })

  test('leaves no temporary file of a writer that died', async () => {
    const session = await withRecords()
    await bench.die(session.storage)
    for (const name of ['9-1.head.tmp', '7.123.456.claim.tmp', '1.claim.tmp']) {
      await writeFile(join(bench.directory, name), 'half')
    }
    await open()
    expect((await readdir(bench.directory)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('keeps a damaged snapshot beside it for people to look at', async () => {
    const session = await withRecords()
    await session.replace()
    await session.close()
    const bad = flipped(await readFile(bench.path), 60)
    await writeFile(bench.path, bad)
    const { kept } = await open()
    const [name = ''] = await bench.names('.damaged')
    expect(await readFile(join(bench.directory, name))).toEqual(bad)
    expect(kept.notes[0]).toContain(bench.directory)
  })
})

describe('A snapshot that was not published yet', () => {
  test('and is gone counts as missing: the one at the path is no edit of it', async () => {
    let isFull = false
    const storage = bench.storage((change) => {
      if (isFull && change === 'publish') throw new Error('The disk fails')
    })
    const session = await Session.open(storage)
    await session.replace()
    await session.append(['a'])
    isFull = true
    await expect(session.replace()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await bench.die(session.storage)
    for (const name of await bench.names('.snapshot')) await rm(join(bench.directory, name))
    const next = await Session.open(bench.storage(), { judge: () => 'edited' })
    expect(next.items).toEqual(session.items)
    expect(next.kept.notes).toEqual([expect.stringContaining('set aside')])
    await bench.die(next.storage)
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
      bench.fileStorage({
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
    await bench.die(sleeper.storage)
    const successor = await open()
    await successor.append(['c'])
    const appended = sleeper.append(['late', 'later'])
    await expect(appended).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await successor.replace()
    await successor.append(['d'])
    woken.open()
    await expect(replacing).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await bench.names('-1.head')).toHaveLength(1)
    expect(await bench.names('-1.log')).toContain('2-1.log')
    await bench.die(successor.storage)
    const last = await open()
    expect(last.items).toEqual(successor.items)
    expect(last.kept.notes).toEqual([])
  })

  test('leaves no file of a snapshot that it began after the takeover', async () => {
    const sleeper = await open()
    await sleeper.replace()
    await bench.die(sleeper.storage)
    const successor = await open()
    const before = await bench.content()
    await expect(sleeper.replace()).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await bench.content()).toEqual(before)
    await successor.close()
  })

  test('counts as dead when it has shown no life for long, and as living before', async () => {
    const session = await withRecords()
    const [name = ''] = await bench.names('.claim')
    const lease = join(bench.directory, name)
    const content = JSON.parse(await readFile(lease, 'utf8')) as object
    await writeFile(lease, JSON.stringify({ ...content, host: 'elsewhere' }))
    await expect(open()).rejects.toMatchObject({ code: 'LOCKED', message: expect.stringContaining('elsewhere') })
    await utimes(lease, new Date(0), new Date(0))
    expect((await open()).items).toEqual(session.items)
    await expect(session.append(['late'])).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test.each([
    ['after a restart of the machine', { boot: 'another' }],
    ['whose process number another process has now', { started: '1' }],
  ])('counts as dead %s', async (_, change) => {
    const session = await withRecords()
    const [name = ''] = await bench.names('.claim')
    const lease = join(bench.directory, name)
    const content = JSON.parse(await readFile(lease, 'utf8')) as object
    await writeFile(lease, JSON.stringify({ ...content, ...change }))
    expect((await open()).items).toEqual(session.items)
  })

  test('a lease that a power cut left empty keeps nobody out', async () => {
    const session = await withRecords()
    const [name = ''] = await bench.names('.claim')
    await writeFile(join(bench.directory, name), '')
    expect((await open()).items).toEqual(session.items)
  })
})
