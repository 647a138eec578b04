import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Call } from '../protocol/calls.ts'
import { answerOf } from '../protocol/wire.ts'
import type { RemoteSession } from './remote-session.ts'

/**
 * The agents that a client has opened, to be created again if a relaxed host died before one was durable: the caller
 * still holds it.
 */
export class OpenedAgents {
  readonly #calls = new Map<unknown, Call>()

  /** @param call a call that succeeded */
  note(call: Call): void {
    if (call.on === 'store' && call.method === 'agent') this.#calls.set(call.args[0], call)
  }

  /** Creates the agents that are missing in the store, with their latest configuration. */
  async restore(session: RemoteSession): Promise<void> {
    if (this.#calls.size === 0) return
    const [reply] = await session.run([{ on: 'agents', method: 'list', args: [] }])
    const existing = new Set<unknown>(reply ? (answerOf(reply) as readonly AgentStatus[]).map(({ id }) => id) : [])
    const missing = [...this.#calls.values()].filter(({ args }) => !existing.has(args[0]))
    if (missing.length > 0) await session.run(missing)
  }
}
