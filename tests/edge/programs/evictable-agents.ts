import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import worker, { AgentObject } from '../../../examples/edge-function/worker.ts'

/** The object of the example, which ends at once where it is told `evict`. */
export class EvictableAgent extends AgentObject {
  readonly #state: DurableObjectState

  constructor(state: DurableObjectState) {
    super(state)
    this.#state = state
  }

  override fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === '/evict') this.#state.abort('evicted by the test')
    return super.fetch(request)
  }
}

export default {
  fetch(request: Request, env: { readonly AGENTS: DurableObjectNamespace; readonly TOKEN: string }): unknown {
    const { pathname } = new URL(request.url)
    const [, agentId] = /^\/evict\/(.+)$/.exec(pathname) ?? []
    if (agentId === undefined) return worker.fetch(request, env)
    return env.AGENTS.get(env.AGENTS.idFromName(agentId)).fetch('http://object/evict')
  },
}
