import { openLearningStore, StoreError } from 'learning-store'
import { extension } from './extension.ts'

const urls = {
  workerUrl: extension.runtime.getURL('shared.js'),
  wasmUrl: extension.runtime.getURL('sql-wasm.wasm'),
}

/** Opens the store of the service worker, before and after that learns. Returns what it finds. */
async function look(worker: 'shared' | false): Promise<unknown> {
  const storage = 'indexeddb:extension'
  const code = await openLearningStore({ storage, worker, lockTimeoutMs: 0, ...urls }).then(
    () => 'opened',
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  )
  const store = await openLearningStore({ storage, readOnly: true, worker, ...urls })
  const before = await store.experiences.count()
  const answer = await extension.runtime.sendMessage('idle')
  await store.refresh()
  const [after, { host }] = [await store.experiences.count(), await store.status()]
  await store.close()
  return { code, answer, host, added: after - before }
}

Object.assign(globalThis, { look, send: (state: string) => extension.runtime.sendMessage(state) })
document.title = 'ready'
