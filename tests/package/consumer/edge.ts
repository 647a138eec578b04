import { type AsyncStore, type EdgeStoreOptions, openLearningStore } from 'learning-store/edge'
import { bearerToken, createHandler, type Handler } from 'learning-store/http'
import wasm from 'learning-store/sql-wasm.wasm'
import { storage } from './everywhere.js'

const options: EdgeStoreOptions = { wasm, storage, durability: 'strict' }
const store: AsyncStore = await openLearningStore(options)
export const own: AsyncStore = await openLearningStore({ storage })
export const handler: Handler = createHandler({ store: own, authenticate: bearerToken('secret') })
await store.close()
