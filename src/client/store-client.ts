import { checkCount, checkOptions } from '../checks.ts'
import { closedError, failedToLoad } from '../errors.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { AsyncAgent, AsyncStore } from './async-store.ts'
import { jobs } from './jobs.ts'
import { live } from './live.ts'
import type { Policy } from './policy.ts'
import { promised, queries } from './queries.ts'
import { subscribe } from './subscription.ts'

/** The store as its caller sees it, on any channel. */
export function storeClient(channel: Channel, platform: ClientPlatform): AsyncStore {
  let isClosed = false
  const close = (): Promise<void> => {
    isClosed = true
    return channel.close()
  }
  const checkOpen = (): void => {
    if (isClosed) throw closedError()
  }
  const { resetAgent } = promised<Pick<LearningStore, 'resetAgent'>>(channel, 'store')
  const { status, recommend: _, agentStatus: __, ...reading } = queries(channel)
  return {
    ...reading,
    status,
    resetAgent,
    agent: async <State, Action>(...args: Parameters<LearningStore['agent']>) => {
      await channel.send({ on: 'store', method: 'agent', args })
      return asyncAgent<State, Action>(channel, platform, args[0])
    },
    subscribe: (listener, options) => {
      checkOpen()
      return subscribe(channel, platform, listener, options)
    },
    live: (query, listener, options) => {
      checkOpen()
      return live(channel, platform, query, listener, options)
    },
    ...jobs(channel, platform),
    flush: () => channel.flush(),
    refresh: () => channel.refresh(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function asyncAgent<State, Action>(channel: Channel, platform: ClientPlatform, id: string): AsyncAgent<State, Action> {
  return {
    ...(promised<Agent<State, Action>>(channel, 'agent', { agentId: id }) as AsyncAgent<State, Action>),
    id,
    experiences: promised(channel, 'agent.experiences', { agentId: id }),
    decisions: promised(channel, 'agent.decisions', { agentId: id }),
    values: promised(channel, 'agent.values', { agentId: id }),
    policy: async (options = {}) => {
      const { seed } = checkOptions(options, 'the options', ['seed'])
      const checked = seed === undefined ? undefined : checkCount(seed, 'seed', 0)
      const { followedPolicy } = await import('./policy.ts').catch(failedToLoad('policies'))
      return (await followedPolicy(channel, platform, id, checked)) as Policy<State, Action>
    },
  }
}
