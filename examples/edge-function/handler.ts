import { openLearningStore } from 'learning-store'
import { bearerToken, createHandler, type Handler } from 'learning-store/http'

/** The handler for Deno and Bun, with all agents in one file. */
export function handlerOf(env: { readonly TOKEN?: string | undefined; readonly STORE?: string | undefined }): Handler {
  const { TOKEN = '', STORE = 'stores/agents.db' } = env
  return createHandler({
    open: ({ create }) => openLearningStore({ storage: `file:${STORE}`, durability: 'strict', create }),
    authenticate: bearerToken(TOKEN),
    onError: console.error,
  })
}
