export * from './names.ts'
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
export type { EdgeStoreOptions, OpenEdgeStore } from './runtime/edge.ts'
export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from './runtime/edge-agents.ts'
