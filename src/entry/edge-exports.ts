export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from '../runtime/edge/agents.ts'
export type { EdgeStoreOptions, OpenEdgeStore } from '../runtime/edge/open.ts'
export * from './edge-storage-exports.ts'
export * from './exports.ts'
