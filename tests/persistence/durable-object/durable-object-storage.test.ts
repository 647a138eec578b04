import { expect, test } from 'vitest'
import {
  type DurableObjectStorageLike,
  type DurableObjectStorageOptions,
  durableObjectStorage,
} from '../../../src/persistence/durable-object/durable-object-storage.ts'

// What it does with a storage is tested where there is one, in `tests/edge`.
test('A storage in a Durable Object is refused without its storage, and for options that it does not know', () => {
  const storage = { kv: {}, transactionSync: () => {}, sync: async () => {} }
  const made = (given: unknown, options?: unknown): unknown =>
    durableObjectStorage(given as DurableObjectStorageLike, options as DurableObjectStorageOptions)
  const refusal = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
  for (const given of [undefined, null, 'storage', {}]) expect(() => made(given)).toThrow(refusal)
  for (const options of [null, 'x', { nmae: 'x' }, { name: 5 }, { onStoreMarker: 5 }, { beforeChange: 'x' }]) {
    expect(() => made(storage, options)).toThrow(refusal)
  }
  expect(() => made({ storage })).toThrow('to be ctx.storage of a Durable Object, with transactionSync, got')
  expect(made(storage)).toMatchObject({ name: 'durable-object:learning-store' })
})
