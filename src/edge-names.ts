export * from './edge-places.ts'
export * from './names.ts'
export type { EdgeStoreOptions, OpenEdgeStore } from './runtime/edge.ts'
export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from './runtime/edge-agents.ts'
