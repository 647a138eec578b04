import { expect, test } from 'vitest'
import { MemoryMedium, memoryPlace } from '../../../src/persistence/memory/memory-storage.ts'
import { judge, Session } from '../session.ts'
import { placeContract } from '../storage-contract.ts'
import { memoryBench, memoryCannot } from './memory-under-test.ts'

placeContract('A place in memory', memoryBench, memoryCannot)

test('A place in memory without a medium says that it keeps nothing, and does so', async () => {
  const place = memoryPlace()
  expect(place.keeps).toBe('nothing')
  await place.open({ waitMs: 0, judge })
  await place.append([new Uint8Array(1)], 'relaxed')
  await place.replace({ bytes: new Uint8Array(1), sequence: 1, storeId: 'model' })
  await place.close()
  expect((await place.open({ waitMs: 0, judge })).snapshot).toBeUndefined()
})

test('A place in memory that is taken over while it writes a snapshot leaves none', async () => {
  const medium = new MemoryMedium()
  const sleeper = await Session.open(memoryPlace(medium))
  await sleeper.replace()
  const replacing = sleeper.replace()
  medium.held = false
  const opening = Session.open(memoryPlace(medium))
  await expect(replacing).rejects.toMatchObject({ code: 'CLAIM_LOST' })
  await opening
  expect(medium.snapshots.size).toBe(1)
})
