import { openLearningStore } from 'learning-store'
import options from './options.js'

/** Learns and remembers, opens the store again, and finds what it knew. */
async function learn() {
  const given = { storage: 'file:learning.db', ...options, worker: process.argv.includes('--worker') }
  const before = await openLearningStore(given)
  await (await before.agent('walker')).learn({ state: { x: 1 }, action: 'go', reward: 1, terminated: true })
  await before.memory.as({ agentId: 'walker' }).set({ key: 'way', value: 'left' })
  await before.close()
  const after = await openLearningStore(given)
  const { action } = await (await after.agent('walker')).recommend({ x: 1 })
  const [file] = await after.exportFile({ format: 'json-lines' })
  const [{ host }, experiences] = [await after.status(), await after.experiences.count()]
  await after.close()
  return { host, experiences, advised: action, exported: file.bytes.length > 0 }
}

const print = (result) => process.stdout.write(JSON.stringify(result))
learn().then(print, ({ name, code, message }) => print({ name, code, message }))
