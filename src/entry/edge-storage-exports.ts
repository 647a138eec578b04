export {
  type DurableObjectChange,
  type DurableObjectStorageLike,
  type DurableObjectStorageOptions,
  durableObjectStorage,
} from '../persistence/durable-object/durable-object-storage.ts'
export {
  type KeyValueBindingLike,
  type KeyValueListing,
  type KvStorageOptions,
  kvStorage,
} from '../persistence/snapshot-only/key-value-storage.ts'
