import { type AsyncStore, type EdgeStoreOptions, openLearningStore } from 'learning-store/edge'
import wasm from 'learning-store/sql-wasm.wasm'
import { place } from './everywhere.js'

const options: EdgeStoreOptions = { wasm, place, durability: 'strict' }
const store: AsyncStore = await openLearningStore(options)
export const own: AsyncStore = await openLearningStore({ place })
await store.close()
