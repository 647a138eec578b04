import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Call } from '../protocol/calls.ts'
import { answerOf } from '../protocol/wire.ts'
import type { RemoteSession } from './remote-session.ts'

/**
 * The agents that a client has made, to be made again where a relaxed host died before it kept one: the caller still holds
 * it.
 */
export class OpenedAgents {
  readonly #calls = new Map<unknown, Call>()

  /** @param call one that was answered. */
  note(call: Call): void {
    if (call.on === 'store' && call.method === 'agent') this.#calls.set(call.args[0], call)
  }

  /** Makes those that the store has no more, as they were asked for last. */
  async restore(session: RemoteSession): Promise<void> {
    if (this.#calls.size === 0) return
    const [reply] = await session.run([{ on: 'agents', method: 'list', args: [] }])
    const there = new Set<unknown>(reply ? (answerOf(reply) as readonly AgentStatus[]).map(({ id }) => id) : [])
    const gone = [...this.#calls.values()].filter(({ args }) => !there.has(args[0]))
    if (gone.length > 0) await session.run(gone)
  }
}
