import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage, openLearningStore } from 'learning-store/edge'
import { agentIdOf, bearerToken, createHandler, type Handler } from 'learning-store/http'

interface Env {
  /** The secret: `wrangler secret put TOKEN`, or a line in `.dev.vars`. */
  readonly TOKEN: string
  readonly AGENTS: DurableObjectNamespace
}

/** One Durable Object per agent, whose storage holds the agent's store. */
export class AgentObject {
  readonly #handler: Handler

  constructor({ storage }: DurableObjectState, { TOKEN }: Env) {
    this.#handler = createHandler({
      open: ({ create }) => openLearningStore({ storage: durableObjectStorage(storage), durability: 'strict', create }),
      authenticate: bearerToken(TOKEN),
      onError: console.error,
    })
  }

  fetch(request: Request): Promise<Response> {
    return this.#handler(request)
  }
}

const worker: { fetch(request: Request, env: Env): Promise<Response> } = {
  async fetch(request, { AGENTS }) {
    const object = AGENTS.get(AGENTS.idFromName(agentIdOf(request) ?? ''))
    try {
      return (await object.fetch(request as never)) as unknown as Response
    } catch (error) {
      // The object was evicted or reset. A request with an id can be sent again.
      console.error(error)
      return new Response(null, { status: 503, headers: { 'retry-after': '1' } })
    }
  },
}

export default worker
