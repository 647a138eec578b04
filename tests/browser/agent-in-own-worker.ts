import { openLearningStore } from 'learning-store'

/** An app's own worker, in which an agent learns: once for each message, which it answers when that is stored. */
const store = await openLearningStore({ storage: 'indexeddb:own-worker', worker: false, lockTimeoutMs: 0 })
const agent = await store.agent('router')

globalThis.addEventListener('message', async ({ data: state }) => {
  await agent.learn({ state, action: 'queue', reward: 1, terminated: true })
  await store.flush()
  postMessage(state)
})
postMessage('ready')
