import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage, openLearningStore } from 'learning-store/edge'
import { authorize, handleRequest } from './api.ts'
import { OpenAgents } from './open-agents.ts'
import { Problem } from './problem.ts'

interface Env {
  /** The secret: `wrangler secret put TOKEN`, or a line in `.dev.vars`. */
  readonly TOKEN?: string
  readonly AGENTS: DurableObjectNamespace
}

/** One Durable Object per agent, whose storage holds the agent's store. */
export class AgentObject {
  readonly #agents: OpenAgents

  constructor({ storage }: DurableObjectState) {
    this.#agents = new OpenAgents(() =>
      openLearningStore({ storage: durableObjectStorage(storage), durability: 'strict' }),
    )
  }

  fetch(request: Request): Promise<Response> {
    return handleRequest(request, this.#agents.use)
  }
}

const worker: { fetch(request: Request, env: Env): Promise<Response> } = {
  fetch(request, { TOKEN, AGENTS }) {
    return authorize(request, TOKEN, async (agentId, read) => {
      const object = AGENTS.get(AGENTS.idFromName(agentId))
      const response = object.fetch(read as never) as unknown as Promise<Response>
      return response.catch((cause: unknown) => {
        // The object was evicted or reset. A request with an id can be sent again.
        console.error(cause)
        throw new Problem(503, 'UNAVAILABLE', 'The agent is not available; send the request again', {
          'retry-after': '1',
        })
      })
    })
  },
}

export default worker
