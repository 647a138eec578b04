import type { DurableObjectState } from '@cloudflare/workers-types'
import worker, { AgentObject } from '../../../examples/edge-function/worker.ts'

type Env = ConstructorParameters<typeof AgentObject>[1]

/** The object of the example, which ends at once where it is told `evict`; told `spoil` it ruins its snapshots before. */
export class EvictableAgent extends AgentObject {
  readonly #state: DurableObjectState

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#state = state
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/spoil') await this.#spoil()
    if (pathname === '/spoil' || pathname === '/evict') this.#state.abort('ended by the test')
    return super.fetch(request)
  }

  async #spoil(): Promise<void> {
    const { storage } = this.#state
    for (const key of (await storage.list()).keys()) {
      if (/head|part/.test(key)) await storage.put(key, new Uint8Array(1))
    }
    await storage.sync()
  }
}

export default {
  fetch(request: Request, env: Env): unknown {
    const { pathname } = new URL(request.url)
    const [, operation, agentId] = /^\/(evict|spoil)\/(.+)$/.exec(pathname) ?? []
    if (agentId === undefined) return worker.fetch(request, env)
    return env.AGENTS.get(env.AGENTS.idFromName(agentId)).fetch(`http://object/${operation}`)
  },
}
