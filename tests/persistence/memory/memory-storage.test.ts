import { expect, test } from 'vitest'
import { MemoryMedium, memoryStorage } from '../../../src/persistence/memory/memory-storage.ts'
import { classify, Session } from '../session.ts'
import { storageContract } from '../storage-contract.ts'
import { memoryHarness, memoryLimitations } from './memory-under-test.ts'

storageContract('A storage in memory', memoryHarness, memoryLimitations)

test('A storage in memory without a medium persists nothing, and declares so', async () => {
  const storage = memoryStorage()
  expect(storage.persists).toBe('nothing')
  await storage.open({ lockTimeoutMs: 0, classify })
  await storage.append([new Uint8Array(1)], 'relaxed')
  await storage.replace({ bytes: new Uint8Array(1), sequence: 1, storeId: 'model' })
  await storage.close()
  expect((await storage.open({ lockTimeoutMs: 0, classify })).snapshot).toBeUndefined()
})

test('A storage in memory that is taken over while it writes a snapshot leaves none', async () => {
  const medium = new MemoryMedium()
  const sleeper = await Session.open(memoryStorage(medium))
  await sleeper.replace()
  const replacing = sleeper.replace()
  medium.releaseLease()
  const opening = Session.open(memoryStorage(medium))
  await expect(replacing).rejects.toMatchObject({ code: 'LEASE_LOST' })
  await opening
  expect(medium.snapshots.size).toBe(1)
})
