import {
  type Blocked,
  type BrowserStoreOptions,
  deleteLearningStore,
  indexedDbPlace,
  openLearningStore,
} from 'learning-store'
import { learnIn } from './everywhere.js'

const options: BrowserStoreOptions = {
  place: 'indexeddb:pages',
  worker: 'shared',
  workerUrl: new URL('/worker/shared.js', location.href),
  onBlocked: ({ takeOver }: Blocked) => takeOver(),
}
const store = await openLearningStore(options)
const advice = await learnIn(store)
document.body.append(String(advice.action))
await store.close()
await deleteLearningStore('indexeddb:pages')
await openLearningStore({ place: indexedDbPlace('pages') })
