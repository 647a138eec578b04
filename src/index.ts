export * from './names.ts'
export {
  type DurableObjectChange,
  type DurableObjectPlaceOptions,
  type DurableObjectStorageLike,
  durableObject,
} from './persistence/durable-object.ts'
export { type FileChange, type FilePlaceOptions, filePlace } from './persistence/file.ts'
export {
  type KeyValueBindingLike,
  type KeyValueListing,
  type KeyValuePlaceOptions,
  keyValue,
} from './persistence/key-value.ts'
export { type NodeStoreOptions, openLearningStore } from './runtime/node.ts'
export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from './runtime/node-agents.ts'
