/**
 * Returns the id of the agent that a request is about, so that each agent can have a store of its own, for example in a
 * Durable Object of this name.
 *
 * @param basePath as in the options of `createHandler`.
 * @returns undefined if the path names no agent.
 */
export function agentIdOf({ url }: Request, basePath: string = ''): string | undefined {
  const { pathname } = new URL(url)
  const [, encoded] =
    /^\/v1\/agents\/([^/]+)/.exec(pathname.startsWith(basePath) ? pathname.slice(basePath.length) : '') ?? []
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    // The handler refuses such a path.
    return undefined
  }
}
