import { expectTypeOf, test } from 'vitest'
import {
  type BytesStorageOptions,
  bytesStorage,
  fileStorage,
  fromUnstorage,
  type KeyValueBindingLike,
  kvStorage,
  memoryStorage,
  openLearningStore,
  type StorageName,
  type UnstorageLike,
} from '../../src/entry/node.ts'

/** Only compiled: each would open a store. */
function compiled(_: () => unknown): void {}

declare const kv: KeyValueBindingLike
declare const unstorage: UnstorageLike
declare const bytes: BytesStorageOptions

test('the name of a storage begins with its medium', () => {
  const folder: string = 'agents'
  expectTypeOf(`file:${folder}/learning.db` as const).toExtend<StorageName>()
  expectTypeOf<'indexeddb:assistant'>().toExtend<StorageName>()
  expectTypeOf<'memory:'>().toExtend<StorageName>()
  expectTypeOf<'learning.db'>().not.toExtend<StorageName>()
  expectTypeOf<string>().not.toExtend<StorageName>()
  compiled(async () => {
    await openLearningStore({ storage: `file:${folder}/learning.db` })
    // @ts-expect-error: not the name of a storage.
    await openLearningStore({ storage: 'learning.db' })
    // @ts-expect-error: perhaps not the name of a storage.
    await openLearningStore({ storage: folder })
    // @ts-expect-error: memory has no name.
    await openLearningStore({ storage: 'memory:agents' })
  })
})

test('strict durability compiles only where the storage may have a log', () => {
  compiled(async () => {
    await openLearningStore({ storage: 'file:learning.db', durability: 'strict' })
    await openLearningStore({ storage: 'indexeddb:assistant', durability: 'strict' })
    await openLearningStore({ storage: fileStorage('learning.db'), durability: 'strict' })
    await openLearningStore({ storage: memoryStorage(), durability: 'strict' })
    await openLearningStore({ durability: 'strict' })
    await openLearningStore({ storage: kvStorage(kv), durability: 'relaxed' })
    // @ts-expect-error: memory survives no power cut.
    await openLearningStore({ storage: 'memory:', durability: 'strict' })
    // @ts-expect-error: snapshots only.
    await openLearningStore({ storage: kvStorage(kv), durability: 'strict' })
    // @ts-expect-error: snapshots only.
    await openLearningStore({ storage: fromUnstorage(unstorage), durability: 'strict' })
    // @ts-expect-error: snapshots only.
    await openLearningStore({ storage: bytesStorage(bytes), durability: 'strict' })
  })
})
