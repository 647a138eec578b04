import { join } from 'node:path'
import { openLearningStore } from 'learning-store'
import { atTheAgent, atTheDoor } from './api.ts'
import { OpenAgents } from './open-agents.ts'

/** What Deno and Bun need besides a server: a file for each agent in the folder STORES, and the secret TOKEN. */
export function agentsInFiles({ TOKEN, STORES = 'stores' }: { readonly [name: string]: string | undefined }): {
  readonly fetch: (request: Request) => Promise<Response>
  readonly close: () => Promise<void>
} {
  const agents = new OpenAgents((agentId) =>
    openLearningStore({ storage: `file:${join(STORES, `${agentId}.db`)}`, durability: 'strict' }),
  )
  return {
    fetch: (request) => atTheDoor(request, TOKEN, (_, read) => atTheAgent(read, agents.use)),
    close: () => agents.close(),
  }
}
