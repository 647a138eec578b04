export const PERMISSIONS = ['read', 'write', 'delete', 'share'] as const
/** A permission on an entry of the shared memory. `share` allows an agent to grant its own permissions to others. @useDeclaredType */
export type Permission = (typeof PERMISSIONS)[number]

export const ACCESS_LEVELS = ['private', 'team', 'swarm', 'public', 'system'] as const
/** The audience of an entry of the shared memory, apart from explicit grants and blocks. @useDeclaredType */
export type AccessLevel = (typeof ACCESS_LEVELS)[number]

/** The agent that uses the shared memory. The store does not authenticate callers. */
export interface Caller {
  readonly agentId: string
  readonly teamId?: string
  readonly swarmId?: string
  /** Whether the caller is a system agent, for entries of level `system`. @default false */
  readonly isSystem?: boolean
}

/** The owner, level, grants and blocks of an entry. */
export interface Guard {
  /** Null if the entry has no owner. */
  readonly owner: string | null
  readonly accessLevel: AccessLevel
  readonly teamId: string | null
  readonly swarmId: string | null
  /** Explicit grants by agent id. */
  readonly granted: { readonly [agentId: string]: readonly Permission[] }
  /** Ids of blocked agents. */
  readonly blocked: readonly string[]
}

const MEMBER: readonly Permission[] = ['read', 'write', 'share']
const ANYONE: readonly Permission[] = ['read', 'share']

/**
 * Whether a caller has a permission on an entry, by the access rules of agentic-qe's swarm memory. The owner has every
 * permission; an explicit grant overrides a block, and a block overrides the level. By level: `private` gives nothing to
 * others; `team` and `swarm` let their members read, write and share; `public` lets everyone read and share; `system` gives
 * system agents every permission. An unknown level counts as `private`.
 */
export function mayAccess(caller: Caller, permission: Permission, guard: Guard): boolean {
  const { agentId } = caller
  if (guard.owner === agentId) return true
  if (permissionsGranted(guard, agentId).includes(permission)) return true
  if (guard.blocked.includes(agentId)) return false
  return byLevel(caller, guard).includes(permission)
}

/** The permissions explicitly granted to an agent. */
export function permissionsGranted({ granted }: Pick<Guard, 'granted'>, agentId: string): readonly Permission[] {
  return Object.hasOwn(granted, agentId) ? (granted[agentId] ?? []) : []
}

function byLevel(caller: Caller, { accessLevel, teamId, swarmId }: Guard): readonly Permission[] {
  switch (accessLevel) {
    case 'team':
      return teamId !== null && caller.teamId === teamId ? MEMBER : []
    case 'swarm':
      return swarmId !== null && caller.swarmId === swarmId ? MEMBER : []
    case 'public':
      return ANYONE
    case 'system':
      return caller.isSystem ? PERMISSIONS : []
    default:
      return []
  }
}
