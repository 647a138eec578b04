import { expect, test } from 'vitest'
import { bytesStorage, openLearningStore } from '../../../src/entry/node.ts'
import { encryptedStorage } from '../../../src/persistence/encryption/encrypted-storage.ts'
import { PlainRecords } from '../../../src/persistence/encryption/sealed-record.ts'
import { RecordWriter } from '../../../src/persistence/log/record.ts'
import { byAge } from '../../../src/persistence/log/recovery.ts'
import { MemoryMedium, memoryStorage } from '../../../src/persistence/memory/memory-storage.ts'
import { fileHarness } from '../file/file-under-test.ts'
import { memoryHarness, memoryLimitations } from '../memory/memory-under-test.ts'
import { Session } from '../session.ts'
import { storageContract } from '../storage-contract.ts'
import { encrypted, newKey } from './encrypted.ts'

const key = await newKey()

storageContract('An encrypted storage in memory', async () => encrypted(await memoryHarness(), key), memoryLimitations)
storageContract('An encrypted storage in a file', async () => encrypted(await fileHarness(), key))

const open = (medium: MemoryMedium, with_: string | CryptoKey = key): Promise<Session> =>
  Session.open(encryptedStorage(memoryStorage(medium), with_))

/** A medium with one snapshot and three records, whose writer is closed. */
async function written(): Promise<MemoryMedium> {
  const medium = new MemoryMedium()
  const session = await open(medium)
  await session.replace()
  for (const value of ['a', 'b', 'c']) await session.append([value])
  await session.close()
  return medium
}

const recordsOf = (medium: MemoryMedium): Uint8Array[] => [...medium.segments.values()].at(-1) ?? []

test('another key is WRONG_KEY, and damage is not', async () => {
  const medium = await written()
  await expect(open(medium, await newKey())).rejects.toMatchObject({ code: 'WRONG_KEY' })
  await expect(open(medium, 'a passphrase')).rejects.toMatchObject({ code: 'WRONG_KEY' })
  expect((await open(medium)).items).toHaveLength(4)
})

test('a passphrase opens what it encrypted, and another one does not', async () => {
  const medium = new MemoryMedium()
  const session = await open(medium, 'correct horse')
  await session.replace()
  await session.append(['a'])
  await session.close()
  await expect(open(medium, 'correct house')).rejects.toMatchObject({ code: 'WRONG_KEY' })
  const again = await open(medium, 'correct horse')
  expect(again.items).toEqual(session.items)
  await again.append(['b'])
  await again.close()
  const text = Buffer.concat([...medium.snapshots.values(), ...[...medium.segments.values()].flat()]).toString('latin1')
  expect(new Set([...text.matchAll(/salt\W+([\w+/=]+)/g)].map(([, salt]) => salt)).size).toBe(1)
})

test.each<[string, (medium: MemoryMedium, other: MemoryMedium) => void]>([
  [
    'a record of another store',
    (medium, other) => recordsOf(medium).splice(1, 1, recordsOf(other)[1] ?? new Uint8Array()),
  ],
  ['a whole log of another timeline', (medium, other) => recordsOf(medium).splice(0, 3, ...recordsOf(other))],
])('%s is refused', async (_, swap) => {
  const [medium, other] = [await written(), await written()]
  swap(medium, other)
  await expect(open(medium)).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
})

test('records of a timeline that was undone do not follow those of the new one', async () => {
  const medium = await written()
  const old = [...recordsOf(medium)]
  recordsOf(medium).splice(1)
  const second = await open(medium)
  await second.append(['x'])
  await second.append(['y'])
  await second.close()
  recordsOf(medium).splice(1, 1, old[2] ?? new Uint8Array())
  await expect(open(medium)).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
})

test('a snapshot of another key or of another sequence is refused', async () => {
  const [medium, other] = [await written(), await written()]
  const [manifest] = [...medium.snapshots.keys()].sort(byAge)
  const [bytes] = [...other.snapshots.values()]
  if (!manifest || !bytes) throw new Error('Expected snapshots')
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')
  medium.snapshots.delete(manifest)
  medium.snapshots.set({ ...manifest, sha256: hash, sequence: 1 }, bytes)
  await expect(open(medium)).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
})

test('records whose append failed are the same bytes when they come again', async () => {
  const medium = new MemoryMedium()
  const inner = memoryStorage(medium)
  const seen: Uint8Array[][] = []
  const failing = {
    name: inner.name,
    persists: inner.persists,
    open: inner.open.bind(inner),
    replace: inner.replace.bind(inner),
    close: inner.close.bind(inner),
    append: async (records: readonly Uint8Array[]) => {
      seen.push([...records])
      if (seen.length === 1) throw new Error('late')
      await inner.append(records, 'strict')
    },
  }
  const session = await Session.open(encryptedStorage(failing, key))
  await session.replace()
  await session.append(['a', 'b']).catch(() => {})
  await session.retry()
  expect(seen[0]).toEqual(seen[1])
  await session.append(['c'])
  await session.close()
  expect((await open(medium)).items).toEqual(session.items)
})

test('no nonce repeats under a key, and no text of the store is in the storage', async () => {
  const medium = new MemoryMedium()
  for (let i = 0; i < 3; i++) {
    const store = await openLearningStore({ storage: encryptedStorage(memoryStorage(medium), key) })
    const agent = await store.agent('secret-agent')
    await agent.learn({ state: 'secret-state', action: 'secret-action', reward: i, terminated: true })
    await store.flush()
    await agent.learn({ state: 'secret-state', action: 'secret-action', reward: i, terminated: true })
    await store.close()
    const chunks = [...medium.snapshots.values(), ...[...medium.segments.values()].flat()]
    const text = Buffer.concat(chunks).toString('latin1')
    expect(text).not.toMatch(/secret|SQLite|INSERT|learning_/)
    // Records hold Base64.
    const decoded = [...text.matchAll(/"b","([\w+/=]+)"/g)].map(([, one = '']) => Buffer.from(one, 'base64').toString())
    expect(decoded.join()).not.toMatch(/secret|SQLite|INSERT/)
    const used = chunks.flatMap((chunk) => {
      const one = Buffer.from(chunk).toString('latin1').replaceAll('\\', '')
      const wrapped = /"key":"([^"]+)"/.exec(one)?.[1]
      return wrapped ? [`${wrapped} ${/"nonce":(\d+)/.exec(one)?.[1]}`] : []
    })
    expect(used.length).toBeGreaterThan(1)
    expect(new Set(used).size).toBe(used.length)
  }
})

test('a store without its key is WRONG_KEY, and is not changed', async () => {
  const medium = new MemoryMedium()
  await (await openLearningStore({ storage: encryptedStorage(memoryStorage(medium), key) })).close()
  const before = [...medium.snapshots.values()]
  for (const readOnly of [false, true]) {
    await expect(openLearningStore({ storage: memoryStorage(medium), readOnly })).rejects.toMatchObject({
      code: 'WRONG_KEY',
      message: expect.stringContaining('--key-file'),
    })
  }
  expect([...medium.snapshots.values()]).toEqual(before)
  await (await openLearningStore({ storage: encryptedStorage(memoryStorage(medium), key) })).close()
})

test('a storage that is not encrypted is WRONG_KEY with a key', async () => {
  const medium = new MemoryMedium()
  await (await openLearningStore({ storage: memoryStorage(medium) })).close()
  await expect(openLearningStore({ storage: encryptedStorage(memoryStorage(medium), key) })).rejects.toMatchObject({
    code: 'WRONG_KEY',
  })
})

test('snapshots of a storage without a log are encrypted', async () => {
  let saved = new Uint8Array()
  const save = (bytes: Uint8Array): void => {
    saved = bytes.slice()
  }
  const store = await openLearningStore({ storage: encryptedStorage(bytesStorage({ save }), key) })
  await store.agent('secret-agent')
  await store.close()
  expect(Buffer.from(saved).toString('latin1')).not.toMatch(/secret|SQLite/)
  const again = await openLearningStore({ storage: encryptedStorage(bytesStorage({ initial: saved, save }), key) })
  expect(await again.agents.list()).toMatchObject([{ id: 'secret-agent' }])
  await again.close()
  await expect(openLearningStore({ storage: bytesStorage({ initial: saved, save }) })).rejects.toMatchObject({
    code: 'WRONG_KEY',
  })
})

test.each([
  ['nothing', ''],
  ['no key', undefined],
  ['bytes', new Uint8Array(32)],
])('refuses %s as a key', (_, given) => {
  expect(() => encryptedStorage(memoryStorage(), given as string)).toThrow(/^Expected the key/)
})

test('records that follow lost ones are refused, and the log goes on where it was', async () => {
  const medium = new MemoryMedium()
  const session = await open(medium)
  await session.replace()
  const [, ...later] = session.encode(['a', 'b'])
  await expect(session.storage.append(later, 'strict')).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  await session.retry('strict')
  await session.append(['c'])
  await session.close()
  expect((await open(medium)).items).toEqual(session.items)
})

test('a record whose header was changed, so that it seems to follow another one, is refused', async () => {
  const medium = await written()
  const [, , old = new Uint8Array()] = recordsOf(medium)
  recordsOf(medium).splice(1)
  const second = await open(medium)
  await second.append(['x'])
  await second.append(['y'])
  await second.close()
  const { sealed } = openFrame(recordsOf(medium)[0] ?? new Uint8Array())
  const { commit, first, header, sealed: oldSealed } = openFrame(old)
  const after = Buffer.from(sealed.subarray(-16)).toString('base64')
  const values = [JSON.stringify({ ...header, after }), oldSealed]
  const statements = commit.statements.map(({ sql }) => ({ sql, values }))
  recordsOf(medium).splice(1, 1, new RecordWriter().encode({ ...commit, statements }, first))
  await expect(open(medium)).rejects.toMatchObject({
    code: 'CORRUPT_LOG',
    message: expect.stringContaining('was changed'),
  })
})

/** What is in clear in an encrypted record. */
function openFrame(record: Uint8Array) {
  const { commit, first } = new PlainRecords().decode(record)
  const [header, sealed] = commit.statements[0]?.values ?? []
  if (!(sealed instanceof Uint8Array)) throw new Error('Expected an encrypted record')
  return { commit, first, header: JSON.parse(String(header)) as object, sealed }
}
