import { openLearningStore } from 'learning-store/standalone'
import { extension } from './extension.ts'

/** The extension's service worker, in which an agent learns from each message. */
const opening = openLearningStore({
  storage: 'indexeddb:extension',
  worker: false,
})

extension.runtime.onMessage.addListener((state, _, respond) => {
  void learn(state).then(respond, (error: unknown) => respond(String(error)))
  // Keeps the connection open for the answer.
  return true
})

async function learn(state: string): Promise<string> {
  const agent = await (await opening).agent('router')
  await agent.learn({ state, action: 'queue', reward: 1, terminated: true })
  await (await opening).flush()
  return 'learned'
}
