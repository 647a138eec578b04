export * from './names.ts'
export { type IndexedDbPlace, type IndexedDbPlaceOptions, indexedDbPlace } from './persistence/indexeddb.ts'
export { deleteLearningStore, openLearningStore } from './runtime/browser.ts'
export type { Blocked, BrowserStoreOptions } from './runtime/browser-options.ts'
