// A process of its own: opens the store at a storage, reads tests from stdin, and answers the order in which the agent
// would run them, as indexes. It knows what the store knows and nothing else.
import { text } from 'node:stream/consumers'
import { openLearningStore } from 'learning-store'
import type { VisibleTest } from './cycles.ts'
import { learner } from './learner.ts'

const [, , storage = '', agentId = ''] = process.argv
const tests = JSON.parse(await text(process.stdin)) as readonly VisibleTest[]
const store = await openLearningStore({ storage })
const { order } = await learner(store, agentId)
console.log(JSON.stringify((await order(tests)).map((test) => tests.indexOf(test))))
await store.close()
