import type { Agent } from '../learning/agents/agent.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import { ACTS, type Call, type WholeStoreName } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import type { Families, Promised, Queries } from './async-store.ts'
import { evaluating } from './evaluation.ts'

/** The methods of one family, or of one agent, each as a call. */
export function promised<T>(channel: Pick<Channel, 'send'>, on: Call['on'], agentId?: string): Promised<T> {
  const methods = Object.keys(ACTS[on]).map((method) => [
    method,
    (...args: readonly unknown[]) =>
      channel.send(agentId === undefined ? { on, method, args } : { on, method, args, agentId }),
  ])
  return Object.fromEntries(methods) as Promised<T>
}

/** The families, each with the groups in it: what ACTS names by their paths. */
function families(channel: Pick<Channel, 'send'>): Families {
  const found: { [family: string]: object } = {}
  for (const on of Object.keys(ACTS) as Call['on'][]) {
    const [family = '', group] = on.split('.')
    if (['host', 'store', 'agent'].includes(family)) continue
    const methods = promised<object>(channel, on)
    found[family] = { ...found[family], ...(group === undefined ? methods : { [group]: methods }) }
  }
  return found as unknown as Families
}

/** What reads and changes nothing but rows. */
export function queries(channel: Pick<Channel, 'send' | 'status'>): Queries {
  const { agentIds, tables, rows, query, verify } = promised<Pick<LearningStore, WholeStoreName>>(channel, 'store')
  const ofAgent = (id: string): Promised<Agent> => promised(channel, 'agent', id)
  return {
    ...{ agentIds, tables, rows, query, verify },
    ...evaluating(channel),
    ...families(channel),
    status: () => channel.status(),
    recommendStrategy: (agentId, state) => ofAgent(agentId).recommendStrategy(state),
    agentStatus: (agentId) => ofAgent(agentId).status(),
    agentStatistics: (agentId) => ofAgent(agentId).statistics(),
  }
}
