import { openLearningStore } from 'learning-store'
import options from './options.js'

globalThis.learn = async (more) => {
  const store = await openLearningStore({ storage: 'indexeddb:walks', ...options, ...more })
  const agent = await store.agent('walker')
  await agent.learn({ state: { x: 1 }, action: 'go', reward: 1, terminated: true })
  const { action } = await agent.recommend({ x: 1 })
  const [{ host }, experiences] = [await store.status(), await store.experiences.count()]
  const [file] = await store.exportFile({ format: 'json-lines' })
  await store.close()
  return { host, experiences, advised: action, exported: file.bytes.length > 0 }
}
