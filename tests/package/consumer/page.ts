import {
  type Blocked,
  type BrowserStoreOptions,
  deleteLearningStore,
  indexedDbStorage,
  openLearningStore,
} from 'learning-store'
import { learnIn } from './everywhere.js'

const options: BrowserStoreOptions = {
  storage: 'indexeddb:pages',
  worker: 'shared',
  workerUrl: new URL('/worker/shared.js', location.href),
  onBlocked: ({ takeOver }: Blocked) => takeOver(),
}
const store = await openLearningStore(options)
const recommendation = await learnIn(store)
document.body.append(String(recommendation.action))
await store.close()
await deleteLearningStore('indexeddb:pages')
await openLearningStore({ storage: indexedDbStorage('pages') })
