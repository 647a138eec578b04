import type { DurableObjectState } from '@cloudflare/workers-types'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type DurableObjectStorageLike,
  durableObjectStorage,
} from '../../src/persistence/durable-object/durable-object-storage.ts'
import type { StoreMarker } from '../../src/persistence/log/recovery.ts'
import { Session } from '../persistence/session.ts'
import { newInstance } from './durable-object-under-test.ts'

/** What the storage contract does not ask: how a store lies in the storage of an object. */
export function durableObjectRows(state: DurableObjectState): void {
  describe('The rows of a storage in a Durable Object', () => {
    const { storage } = state
    let instance: DurableObjectStorageLike
    const keys = (): string[] => Array.from(storage.kv.list(), ([key]) => key)
    /** The storage, with what it is told to write. */
    const counted = () => {
      const put: string[] = []
      const deleted: string[] = []
      const kv = {
        get: (key: string) => storage.kv.get(key),
        list: (options: { prefix: string }) => storage.kv.list(options),
        put: (key: string, value: unknown) => {
          put.push(key)
          storage.kv.put(key, value)
        },
        delete: (key: string) => {
          const wasThere = storage.kv.delete(key)
          if (wasThere) deleted.push(key)
          return wasThere
        },
      }
      const counting = {
        kv,
        transactionSync: <T>(work: () => T) => storage.transactionSync(work),
        sync: () => storage.sync(),
      }
      return { counting, put, deleted }
    }

    beforeEach(async () => {
      await storage.deleteAll()
      instance = newInstance(storage)
    })

    test('are one for an append of many records, and one more for it when a later snapshot removes it', async () => {
      const { counting, put, deleted } = counted()
      const session = await Session.open(durableObjectStorage(counting))
      await session.replace()
      put.length = 0
      await session.append(['a', 'b', 'c', 'd'], 'strict')
      await session.append([], 'strict')
      expect(put).toHaveLength(1)
      await session.replace()
      expect(put).toHaveLength(3)
      expect(deleted).toEqual([])
      await session.replace()
      await session.replace()
      expect(deleted.filter((key) => key.includes('/log/'))).toHaveLength(1)
      await session.close()
    })

    test('hold no more than 2 MB, whatever the size of records and snapshots', async () => {
      const session = await Session.open(durableObjectStorage(instance))
      const large = 'x'.repeat(2_500_000)
      await session.append([large, 'small', large])
      await session.replace()
      await session.append([large], 'strict')
      const sizes = Array.from(storage.kv.list<unknown>(), ([, value]) => (value as Uint8Array).length ?? 0)
      expect(Math.max(...sizes)).toBe(1024 * 1024)
      // 5 MB of a snapshot and 5 MB of records after it.
      expect(sizes.length).toBeGreaterThan(10)
      await session.close()
      expect((await Session.open(durableObjectStorage(instance))).items).toEqual(session.items)
    })

    test('that a writer left that died within a snapshot are removed by the next one', async () => {
      let dies = false
      const dying = durableObjectStorage(instance, {
        beforeChange: async (change) => {
          if (dies && change === 'head') await new Promise(() => {})
        },
      })
      const first = await Session.open(dying)
      await first.replace()
      dies = true
      void first.replace()
      await expect.poll(() => keys().filter((key) => key.includes('/part/')).length).toBe(2)
      instance = newInstance(storage)
      const second = await Session.open(durableObjectStorage(instance))
      await second.replace()
      await second.replace()
      expect(keys().filter((key) => key.includes('/part/'))).toHaveLength(2)
      await second.close()
    })

    test('of two stores lie in one storage, under the names they were given', async () => {
      const [one, other] = [
        durableObjectStorage(instance, { name: 'one' }),
        durableObjectStorage(instance, { name: 'other' }),
      ]
      expect([one.name, other.name]).toEqual(['durable-object:one', 'durable-object:other'])
      const sessions = [await Session.open(one), await Session.open(other)]
      for (const [i, session] of sessions.entries()) {
        await session.replace()
        await session.append([i], 'strict')
        await session.close()
      }
      expect((await Session.open(durableObjectStorage(instance, { name: 'one' }))).items).toEqual(['ADD 0'])
      expect((await Session.open(durableObjectStorage(instance, { name: 'other' }))).items).toEqual(['ADD 1'])
    })

    test.each(['', 'a/b', 'ä', 'a b'])('cannot be named %j', (name) => {
      expect(() => durableObjectStorage(instance, { name })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      )
    })

    test('that are deleted while the store is open are not written again', async () => {
      const session = await Session.open(durableObjectStorage(instance))
      await session.replace()
      await storage.deleteAll()
      await expect(session.append(['a'])).rejects.toMatchObject({ code: 'STORE_MISSING' })
      await expect(session.replace()).rejects.toMatchObject({ code: 'STORE_MISSING' })
      await session.close()
      expect(keys()).toEqual([])
    })

    test('that are all deleted are a new store without a marker, and STORE_MISSING with one', async () => {
      const told: StoreMarker[] = []
      const session = await Session.open(
        durableObjectStorage(instance, { onStoreMarker: (storeMarker) => told.push(storeMarker) }),
      )
      await session.replace()
      await session.append(['a'], 'strict')
      await session.close()
      expect(told).toEqual([
        { storeId: 'model', sequence: 0 },
        { storeId: 'model', sequence: 1 },
      ])
      await storage.deleteAll()
      const remembering = durableObjectStorage(instance, { expectedStore: told.at(-1) })
      await expect(Session.open(remembering)).rejects.toMatchObject({ code: 'STORE_MISSING' })
      expect((await Session.open(durableObjectStorage(instance))).stored.snapshot).toBeUndefined()
    })

    test('that are fewer than were expectedStore are refused', async () => {
      const session = await Session.open(durableObjectStorage(instance))
      await session.replace()
      await session.close()
      const expectedStore = { storeId: 'model', sequence: 5 }
      const forgetful = Session.open(durableObjectStorage(instance, { expectedStore }))
      await expect(forgetful).rejects.toMatchObject({ code: 'CORRUPT_LOG' })
    })

    test('can be read and written while the object lets nothing else in', async () => {
      const session = await state.blockConcurrencyWhile(async () => {
        const opened = await Session.open(durableObjectStorage(instance))
        await opened.replace()
        await opened.append(['a'], 'strict')
        return opened
      })
      expect(session.items).toEqual(['ADD a'])
      await session.close()
    })

    test('have one writer at a time, even if the object passes its storage on twice', async () => {
      const first = await Session.open(durableObjectStorage(state.storage))
      await expect(Session.open(durableObjectStorage(state.storage))).rejects.toMatchObject({ code: 'LOCKED' })
      await first.close()
      await (await Session.open(durableObjectStorage(state.storage))).close()
    })
  })
}
