import { do_not_optimize } from 'mitata'
import { type AsyncAgent, openLearningStore } from '../../src/entry/node.ts'
import type { Entrant, Row, Rows } from '../measure.ts'
import { type PeerLearner, peerLearner } from '../peer-learner.ts'
import { bareSqlJs, nativeSqlite } from '../peers.ts'
import { inTurn, list, sampleActions, sampleExperience, sampleState } from '../samples.ts'

const EXPERIENCES = list(1000, sampleExperience)
const STATES = list(100, (_, i) => sampleState(i))

interface Work {
  readonly ours: (agent: AsyncAgent) => () => unknown
  readonly peer: (learner: PeerLearner) => () => unknown
}

/** Learning from experiences and choosing actions, by Q-learning. */
export async function learningRows(): Promise<Rows> {
  await expectSameValues()
  return {
    rows: [
      {
        ...row('learn from one experience, awaited', 8, 300, {
          ours: (agent) => {
            const next = inTurn(EXPERIENCES)
            return () => agent.learn(next())
          },
          peer: (learner) => {
            const next = inTurn(EXPERIENCES.map((experience) => [experience]))
            return () => learner.learnMany(next())
          },
        }),
        note: 'a transaction each; ours checks the experience and sorts the names of states for its keys, the peers take plain JSON',
      },
      {
        ...row('learn from 1,000 experiences, one call', 1, 10, {
          ours: (agent) => () => agent.learnMany(EXPERIENCES),
          peer: (learner) => () => learner.learnMany(EXPERIENCES),
        }),
        note: 'one transaction; ours writes each of the 400 values once, the peers as often as it changes',
      },
      {
        ...row('select one of 4 actions, epsilon-greedy', 64, 300, {
          ours: (agent) => {
            const next = inTurn(STATES)
            return () => agent.selectAction(next(), { actions: sampleActions })
          },
          peer: (learner) => {
            const next = inTurn(STATES)
            return () => do_not_optimize(learner.selectAction(next(), sampleActions))
          },
        }),
        note: 'ours answers the probability and the values too, and holds the values in memory; the peers read them by SQL',
      },
    ],
  }
}

function row(operation: string, batch: number, samples: number, work: Work): Row {
  const byPeer = (learner: PeerLearner): Entrant => {
    learner.learnMany(EXPERIENCES)
    return { run: work.peer(learner), close: () => learner.close() }
  }
  const ours = async (): Promise<Entrant> => {
    const store = await openLearningStore({ storage: 'memory:' })
    const agent = await store.agent('agent')
    await agent.learnMany(EXPERIENCES)
    return { run: work.ours(agent), close: () => store.close() }
  }
  const bare = async (): Promise<Entrant> => byPeer(peerLearner(await bareSqlJs()))
  return {
    operation,
    storage: 'memory',
    durability: 'none',
    batch,
    samples,
    entrants: { ours, bare, native: () => byPeer(peerLearner(nativeSqlite())) },
  }
}

/** @throws where the peers do not do the same work as we do. */
async function expectSameValues(): Promise<void> {
  const [store, learner] = [await openLearningStore({ storage: 'memory:' }), peerLearner(await bareSqlJs())]
  const agent = await store.agent('agent')
  await agent.learnMany(EXPERIENCES)
  learner.learnMany(EXPERIENCES)
  const ours = (await store.values.list({ agentId: 'agent', limit: 1000 })).map(({ value }) => value)
  if (ours.join() !== learner.values().join()) throw new Error('Expected all contenders to learn the same values')
  await store.close()
  learner.close()
}
