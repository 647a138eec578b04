// A separate process: opens a store, reads tests from standard input, and prints the order in which the agent would run them, as indexes.
import { text } from 'node:stream/consumers'
import { openLearningStore } from 'learning-store'
import type { VisibleTest } from './cycles.ts'
import { learner } from './learner.ts'

const [, , path = '', agentId = ''] = process.argv
const tests = JSON.parse(await text(process.stdin)) as readonly VisibleTest[]
const store = await openLearningStore({ storage: `file:${path}` })
const { order } = await learner(store, agentId)
console.log(JSON.stringify((await order(tests)).map((test) => tests.indexOf(test))))
await store.close()
