export * from './names.ts'
export { type FileChange, type FilePlaceOptions, filePlace } from './persistence/file.ts'
export { type NodeStoreOptions, openLearningStore } from './runtime/node.ts'
export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from './runtime/node-agents.ts'
