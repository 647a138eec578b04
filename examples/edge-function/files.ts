import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { authorize, handleRequest } from './api.ts'
import { OpenAgents } from './open-agents.ts'

/** The request handler for Deno and Bun. It has a file for each agent in the folder STORES. */
export function agentsInFiles({ TOKEN, STORES = 'stores' }: { readonly [name: string]: string | undefined }): {
  readonly fetch: (request: Request) => Promise<Response>
  readonly close: () => Promise<void>
} {
  const agents = new OpenAgents((agentId) =>
    openLearningStore({ storage: `file:${join(STORES, `${agentId}.db`)}`, durability: 'strict' }),
  )
  return {
    fetch: (request) => authorize(request, TOKEN, (_, read) => handleRequest(read, agents.use)),
    close: () => agents.close(),
  }
}
