import type { AsyncAgent } from 'learning-store'
import type { Environment } from './environment.ts'
import type { AsyncLearner, Experience } from './episode.ts'

/** A learner that chooses by the policy of an agent of a store. */
export function learnerOf(agent: AsyncAgent, { actionNames }: Environment<number>): AsyncLearner<number> {
  return {
    selectAction: async (state) => {
      const { action } = await agent.selectAction(state, { actions: actionNames })
      return actionNames.indexOf(String(action))
    },
    update: async ({ action, ...rest }: Experience<number>) => {
      await agent.learn({ ...rest, action: actionNames[action] ?? '', actions: actionNames, nextActions: actionNames })
    },
  }
}
