export {
  type DurableObjectChange,
  type DurableObjectPlaceOptions,
  type DurableObjectStorageLike,
  durableObject,
} from '../persistence/durable-object/durable-object-storage.ts'
export {
  type KeyValueBindingLike,
  type KeyValueListing,
  type KeyValuePlaceOptions,
  keyValue,
} from '../persistence/snapshot-only/key-value-storage.ts'
