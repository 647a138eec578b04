export {
  type IndexedDbStorageAdapter,
  type IndexedDbStorageOptions,
  indexedDbStorage,
} from '../persistence/indexeddb/index.ts'
export type { IndexedDbChange } from '../persistence/indexeddb/options.ts'
export { AdaptiveLearningEngine, BaseAgent, LearningDatabase, LearningEngine } from '../runtime/browser/agents.ts'
export { deleteLearningStore, openLearningStore } from '../runtime/browser/open.ts'
export type { Blocked, BrowserStoreOptions, TrustedScriptUrl, WorkerKind } from '../runtime/browser/options.ts'
export * from './exports.ts'
