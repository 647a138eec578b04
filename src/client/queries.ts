import type { Caller } from '../algorithms/access.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { Recommendation } from '../learning/agents/recommendation.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { CallerMemory } from '../learning/memory/caller-memory.ts'
import { type Call, OPERATIONS, type WholeStoreName } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import type { Collections, Promised, Queries } from './async-store.ts'
import { evaluating } from './evaluation.ts'

/** The methods of a collection or an agent, each of which sends a call. */
export function promised<T>(
  channel: Pick<Channel, 'send'>,
  on: Call['on'],
  whose: Pick<Call, 'agentId' | 'caller'> = {},
): Promised<T> {
  const methods = Object.keys(OPERATIONS[on]).map((method) => [
    method,
    (...args: readonly unknown[]) => channel.send({ on, method, args, ...whose }),
  ])
  return Object.fromEntries(methods) as Promised<T>
}

/** The collections with their groups, from the paths in OPERATIONS. */
function collections(channel: Pick<Channel, 'send'>): Collections {
  const found: { [collection: string]: object } = {}
  for (const on of Object.keys(OPERATIONS) as Call['on'][]) {
    const [collection = '', group] = on.split('.')
    if (['host', 'store', 'agent'].includes(collection) || group === 'as') continue
    const methods = promised<object>(channel, on)
    found[collection] = { ...found[collection], ...(group === undefined ? methods : { [group]: methods }) }
  }
  const as = (caller: Caller): Promised<CallerMemory> => ({
    ...promised<CallerMemory>(channel, 'memory.as', { caller }),
    caller,
  })
  return { ...found, memory: { ...found.memory, as } } as unknown as Collections
}

/** The operations of a live query. Those that write are refused when they are called. */
export function queries(channel: Pick<Channel, 'send' | 'status'>): Queries {
  const { tables, rows, query, verify } = promised<Pick<LearningStore, WholeStoreName>>(channel, 'store')
  const ofAgent = (id: string): Promised<Agent> => promised(channel, 'agent', { agentId: id })
  return {
    tables,
    rows,
    query,
    verify,
    ...evaluating(channel),
    ...collections(channel),
    status: () => channel.status(),
    recommend: <Action>(agentId: string, ...args: Parameters<Agent['recommend']>) =>
      ofAgent(agentId).recommend(...args) as Promise<Recommendation<Action>>,
    explain: (agentId, ...args) => ofAgent(agentId).explain(...args),
    agentStatus: (agentId) => ofAgent(agentId).status(),
    agentStatistics: (agentId) => ofAgent(agentId).getStatistics(),
  }
}
