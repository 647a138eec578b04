// A process that learns, and tells on its output each experience that the store acknowledged, until it has learned what
// it was ordered to or is killed. Orders and reports: learner.ts. It runs on the built package: Node 20 loads no .ts.
import { readSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { seededRandom } from '../../dist/src/algorithms/random.js'
import { fileStorage, openLearningStore } from '../../dist/src/entry/node.js'

const ALGORITHMS = ['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning']
const ACTIONS = ['left', 'right', 'up', 'down']

const orders = JSON.parse(process.argv[2])
const { path, name, count = Number.POSITIVE_INFINITY, sessions = 1, trap, ballastBytes = 0, withoutSync } = orders
let changesToGo = trap?.nth ?? 0
let learning = 0

if (withoutSync) await forgetToSync()
for (let session = 1; session <= sessions; session++) await live(session)

function tell(report) {
  writeSync(1, `${JSON.stringify(report)}\n`)
}

async function live(session) {
  const { durability, seed, lockTimeoutMs, persistence } = orders
  const storage = fileStorage(path, { beforeChange: fallInto })
  const store = await openLearningStore({ storage, durability, seed, lockTimeoutMs, persistence }).catch(refused)
  if (!store) return
  const { sequence, notes } = await store.status()
  tell({ opened: { sequence, notes } })
  learning = ALGORITHMS.length
  const lives = ALGORITHMS.map((algorithm) => learn(store, algorithm, session).finally(() => learning--))
  const ended = await Promise.allSettled([...lives, outgrow(store)])
  for (const { reason } of ended) if (reason) refused(reason)
  await store.close().then(() => tell({ closed: true }), refused)
}

function refused({ code, message }) {
  tell({ refused: { code, message } })
}

/** A walk over a grid of 5 x 5: episodes of some steps, ended by a goal or cut off. */
async function learn(store, algorithm, session) {
  const agent = await store.agent(algorithm, { algorithm })
  const random = seededRandom(orders.seed, `${name} ${session} ${algorithm}`)
  const cell = () => ({ x: Math.floor(random.next() * 5), y: Math.floor(random.next() * 5) })
  let state = cell()
  let episode = 0
  for (let i = 0; i < count; i++) {
    // Choosing draws from the generator that double Q-learning learns with, and draws cannot be told from experiences.
    const action =
      algorithm === 'double-q-learning'
        ? ACTIONS[Math.floor(random.next() * ACTIONS.length)]
        : (await agent.selectAction(state, { actions: ACTIONS })).action
    const nextState = cell()
    const [terminated, truncated] = [random.next() < 0.1, random.next() < 0.05]
    const { id, value } = await agent.learn({
      id: `${name}-${session}-${i}`,
      episodeId: `${name}-${session}-${episode}`,
      state,
      action,
      nextState,
      reward: random.next() * 2 - 1,
      terminated,
      truncated,
      actions: ACTIONS,
      nextActions: ACTIONS,
    })
    const { sequence, durableSequence } = await store.status()
    tell({ acknowledged: { agent: algorithm, id, value, sequence, durableSequence } })
    if (terminated || truncated) episode++
    state = terminated || truncated ? cell() : nextState
  }
}

/** Lets the log outgrow the snapshot again and again, although the store does not grow. */
async function outgrow(store) {
  if (ballastBytes === 0) return
  for (let i = 0; learning > 0; i++) await store.agent('ballast', { type: String(i % 2).padEnd(ballastBytes, '.') })
}

function fallInto(change) {
  if (change !== trap?.before) return
  changesToGo--
  if (changesToGo !== 0) return
  if (trap.end === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    // The signal comes at its own time; nothing may be written until then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
  tell({ trapped: change })
  readSync(0, Buffer.alloc(1))
}

/** From here on this process leaves it to the system when bytes come to the disk. */
async function forgetToSync() {
  const file = await open(process.execPath)
  const prototype = Object.getPrototypeOf(file)
  prototype.sync = prototype.datasync = async () => {}
  await file.close()
}
