import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage, openLearningStore } from 'learning-store/edge'
import { atTheAgent, atTheDoor } from './api.ts'
import { OpenAgents } from './open-agents.ts'
import { Problem } from './problem.ts'

interface Env {
  /** The secret: `wrangler secret put TOKEN`, or a line in `.dev.vars`. */
  readonly TOKEN?: string
  readonly AGENTS: DurableObjectNamespace
}

/** Cloudflare: one Durable Object for each agent, in whose storage the agent's store is kept. */
export class AgentObject {
  readonly #agents: OpenAgents

  constructor({ storage }: DurableObjectState) {
    this.#agents = new OpenAgents(() => openLearningStore({ storage: durableObjectStorage(storage), durability: 'strict' }))
  }

  fetch(request: Request): Promise<Response> {
    return atTheAgent(request, this.#agents.use)
  }
}

const worker: { fetch(request: Request, env: Env): Promise<Response> } = {
  fetch(request, { TOKEN, AGENTS }) {
    return atTheDoor(request, TOKEN, async (agentId, read) => {
      const object = AGENTS.get(AGENTS.idFromName(agentId))
      const answer = object.fetch(read as never) as unknown as Promise<Response>
      return answer.catch((cause: unknown) => {
        // It was evicted or reset meanwhile. What has an id can be sent again.
        console.error(cause)
        throw new Problem(503, 'UNAVAILABLE', 'Expected the agent to answer; send it again', { 'retry-after': '1' })
      })
    })
  },
}

export default worker
