// Eight replicas explore the slippery FrozenLake apart, each far too little. What they know together is worth more than the best
// of them alone: merged experiences, with values derived from the counts of transitions. Seeds 0 to 7: none was searched for.
import { expect, test } from 'vitest'
import { runEpisodeAsync } from '../../../examples/environments/episode.ts'
import { frozenLake } from '../../../examples/environments/frozen-lake.ts'
import { seeded } from '../../../examples/prioritization/seeded.ts'
import { type AsyncStore, openLearningStore } from '../../../src/entry/node.ts'

const environment = frozenLake()
const EPISODES = 40
const STEPS = 100

/** The chance that the best known actions lead to the goal within 100 steps, by the transitions of the environment. */
async function success(store: AsyncStore): Promise<number> {
  const states = Array.from({ length: environment.states }, (_, state) => state)
  const known = await store.values.getMany('explorer', states)
  const best = known.map((values) => values.toSorted((a, b) => b.value - a.value)[0]?.action)
  let reached = 0
  let chances = new Map([[0, 1]])
  for (let t = 0; t < STEPS; t++) {
    const next = new Map<number, number>()
    for (const [state, chance] of chances) {
      const action = Math.max(0, environment.actionNames.indexOf(String(best[state])))
      for (const { probability, nextState, reward, terminated } of environment.transitions(state, action)) {
        if (terminated) reached += reward * probability * chance
        else next.set(nextState, (next.get(nextState) ?? 0) + probability * chance)
      }
    }
    chances = next
  }
  return reached
}

async function explored(seed: number): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:', seed })
  const explorationRate = 0.3 + 0.1 * seed
  const agent = await store.agent('explorer', {
    explorationRate: Math.min(1, explorationRate),
    explorationDecay: 1,
    discountFactor: 0.99,
  })
  const actions = environment.actionNames
  const learner = {
    selectAction: async (state: number) =>
      actions.indexOf(String((await agent.selectAction(state, { actions })).action)),
    update: async ({ action, ...rest }: { readonly action: number } & Parameters<typeof agent.learn>[0]) => {
      await agent.learn({ ...rest, action: actions[action] ?? '' })
    },
  }
  const next = seeded(seed)
  for (let episode = 0; episode < EPISODES; episode++) await runEpisodeAsync(environment, learner as never, { next })
  return store
}

test('eight merged replicas act better than the best of them', async () => {
  const replicas = await Promise.all(Array.from({ length: 8 }, (_, seed) => explored(seed)))
  const alone = await Promise.all(replicas.map(success))
  const [first, ...others] = replicas as [AsyncStore, ...AsyncStore[]]
  for (const other of others) await first.importFile(await other.snapshot())
  await (await first.agent('explorer')).plan()
  const together = await success(first)
  // The best policy there is reaches 0.744 (dynamic programming).
  expect(together, `${together} against ${alone}`).toBeGreaterThan(Math.max(...alone))
  expect(together).toBeGreaterThan(0.5)
  await Promise.all(replicas.map((store) => store.close()))
})
