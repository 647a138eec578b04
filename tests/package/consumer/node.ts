import { fileStorage, type NodeStoreOptions, openLearningStore } from 'learning-store'
import { codeOf, learnIn, refused } from './everywhere.js'

const worker = process.argv.includes('--worker')
const options: NodeStoreOptions = { storage: worker ? 'file:learning.db' : fileStorage('learning.db'), worker }
const before = await openLearningStore(options)
const learned = await learnIn(before)
const lockedOut = await codeOf(openLearningStore({ storage: 'file:learning.db', lockTimeoutMs: 0 }))
await before.close()

const after = await openLearningStore(options)
const recommendation = await (await after.agent('walker')).recommend(learned.evidence.states[0]?.state ?? null)
const [{ host }, experiences] = [await after.status(), await after.experiences.count()]
await after.close()
process.stdout.write(
  JSON.stringify({ host, experiences, advised: recommendation.action, lockedOut, refused: await refused }),
)
