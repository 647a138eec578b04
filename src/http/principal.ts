import { checkList, checkOptions } from '../checks.ts'
import { tokenMatcher } from './bearer-token.ts'
import { HttpProblem } from './problem.ts'

/** What the sender of a request may do. Without any property, everything. */
export interface Principal {
  /** Ids of the only agents that it may use. Test patterns belong to no agent. Default: all agents. */
  readonly agents?: readonly string[]
  /**
   * Whether it may only read.
   * @default false
   */
  readonly readOnly?: boolean
  /** The team to which its agents belong in the shared memory. */
  readonly teamId?: string
  /** The swarm to which its agents belong in the shared memory. */
  readonly swarmId?: string
}

/** Returns what the sender of a request may do, or null to refuse the request with 401. */
export type Authenticate = (request: Request) => Principal | null | Promise<Principal | null>

/** A token, and what its bearer may do. */
export interface TokenPrincipal extends Principal {
  readonly token: string
}

/**
 * Authenticates requests by the header `authorization: Bearer TOKEN`. The time that it takes reveals nothing about the
 * tokens.
 *
 * @param tokens the valid token, or several, each of which may limit what its bearer may do.
 * @throws INVALID_ARGUMENT
 * @example
 * ```ts
 * import { openLearningStore } from 'learning-store'
 * import { bearerToken, createHandler } from 'learning-store/http'
 *
 * const store = await openLearningStore({ storage: 'memory:' })
 * const tokens = ['secret', { token: 'other secret', agents: ['router'], readOnly: true }]
 * const handler = createHandler({ store, authenticate: bearerToken(tokens) })
 * const response = await handler(new Request('http://localhost/v1/agents'))
 * console.log(response.status) // 401
 * await store.close()
 * ```
 */
export function bearerToken(tokens: string | readonly (string | TokenPrincipal)[]): Authenticate {
  const principals = checkList(typeof tokens === 'string' ? [tokens] : tokens, 'the tokens').map(
    (one): TokenPrincipal => (typeof one === 'string' ? { token: one } : checkTokenPrincipal(one as TokenPrincipal)),
  )
  const match = tokenMatcher(principals.map(({ token }) => token))
  return async (request) => {
    const found = principals[(await match(request)) ?? -1]
    if (!found) return null
    const { token: _, ...principal } = found
    return principal
  }
}

function checkTokenPrincipal(given: TokenPrincipal): TokenPrincipal {
  return checkOptions(given, 'a token', ['token', 'agents', 'readOnly', 'teamId', 'swarmId'])
}

/** @throws HttpProblem FORBIDDEN */
export function checkMayUse({ agents }: Principal, agentId: string | undefined): void {
  if (agents === undefined || (agentId !== undefined && agents.includes(agentId))) return
  throw new HttpProblem('FORBIDDEN', agentId === undefined ? 'Expected an agentId' : 'Expected another agent')
}

/** @throws HttpProblem FORBIDDEN */
export function checkMayWrite({ readOnly = false }: Principal): void {
  if (readOnly) throw new HttpProblem('FORBIDDEN', 'Expected a request that only reads')
}
