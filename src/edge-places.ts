export {
  type DurableObjectChange,
  type DurableObjectPlaceOptions,
  type DurableObjectStorageLike,
  durableObject,
} from './persistence/durable-object.ts'
export {
  type KeyValueBindingLike,
  type KeyValueListing,
  type KeyValuePlaceOptions,
  keyValue,
} from './persistence/key-value.ts'
