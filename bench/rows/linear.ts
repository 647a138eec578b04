import { do_not_optimize } from 'mitata'
import { AgentModel } from '../../src/algorithms/linear/agent-model.ts'
import { settingsOf } from '../../src/algorithms/linear/models.ts'
import { seededRandom } from '../../src/algorithms/random.ts'
import { openLearningStore } from '../../src/entry/node.ts'
import type { Entrant, Rows } from '../measure.ts'
import { peerLearner } from '../peer-learner.ts'
import { bareSqlJs, nativeSqlite, type Peer } from '../peers.ts'
import { inTurn, list, sampleExperience } from '../samples.ts'

const EXPERIENCES = list(1000, sampleExperience)
const TOOLS = list(10, (_, i) => `tool-${i}`)
const WORDS = list(200, (_, i) => `${'bcdfgklmnprstvz'[i % 15]}${'aeiou'[i % 5]}${'rnlst'[i % 4]}${i}`)
/** Of ten words each; none recurs in the samples. */
const random = seededRandom(1, 'texts')
const TEXTS = list(20_000, () => list(10, () => WORDS[Math.floor(random.next() * WORDS.length)] ?? '').join(' '))

/** A model in which every feature of every action has a weight. */
function fullModel(): AgentModel {
  const configuration = { algorithm: 'linear', policy: 'squarecb', currentExplorationRate: 0, ucbScale: 0 } as const
  const model = new AgentModel(settingsOf(() => ({ ...configuration, features: {}, actionFeatures: false })))
  // Of a thousand words each, with as many pairs of words.
  for (let i = 0; i < 200; i++) {
    const text = list(1_000, (_, k) => `w${1_000 * i + k}`).join(' ')
    for (const tool of TOOLS) model.learn(text, tool, i % 2, '')
  }
  return model
}

/** Choosing by a text and learning, beside the SQL of learning a value: the goal is four times the ratio of tables. */
export async function linearRows(): Promise<Rows> {
  const byPeer = (peer: Peer): Entrant => {
    const learner = peerLearner(peer)
    learner.learnMany(EXPERIENCES)
    const next = inTurn(EXPERIENCES.map((experience) => [experience]))
    return { run: () => learner.learnMany(next()), close: () => learner.close() }
  }
  return {
    rows: [
      {
        operation: 'choose one of 10 actions by a text and learn, linear',
        storage: 'memory',
        durability: 'none',
        batch: 8,
        samples: 300,
        entrants: {
          ours: async () => {
            const store = await openLearningStore({ storage: 'memory:' })
            const agent = await store.agent('agent', { algorithm: 'linear' })
            const next = inTurn(TEXTS)
            const run = async (): Promise<unknown> => {
              const state = next()
              const { action } = await agent.selectAction(state, { actions: TOOLS })
              return agent.learn({ state, action, reward: 1, terminated: true })
            }
            for (let i = 0; i < 1_000; i++) await run()
            return { run, close: () => store.close() }
          },
          bare: async () => byPeer(await bareSqlJs()),
          native: () => byPeer(nativeSqlite()),
        },
        note: 'ours chooses by features of the text, and learns from them; the peers learn one value',
      },
      {
        operation: 'copy a linear model of 10 actions with 65,536 weights each',
        storage: 'memory',
        durability: 'none',
        batch: 1,
        samples: 20,
        entrants: {
          ours: () => {
            const model = fullModel()
            return { run: () => do_not_optimize(model.toBytes()) }
          },
        },
        note: 'what a snapshot waits for',
      },
    ],
  }
}
