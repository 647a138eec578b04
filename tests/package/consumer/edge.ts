import { type AsyncStore, type EdgeStoreOptions, openLearningStore } from 'learning-store/edge'
import wasm from 'learning-store/sql-wasm.wasm'
import { storage } from './everywhere.js'

const options: EdgeStoreOptions = { wasm, storage, durability: 'strict' }
const store: AsyncStore = await openLearningStore(options)
export const own: AsyncStore = await openLearningStore({ storage })
await store.close()
