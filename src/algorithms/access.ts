/** What may be done with an entry of the shared memory. To share is to grant others what one may do oneself. */
export const PERMISSIONS = ['read', 'write', 'delete', 'share'] as const
/** What may be done with an entry of the shared memory; `share` is to grant others what one may do oneself. @useDeclaredType */
export type Permission = (typeof PERMISSIONS)[number]

export const ACCESS_LEVELS = ['private', 'team', 'swarm', 'public', 'system'] as const
/** Who may use an entry of the shared memory, unless it was granted or blocked. @useDeclaredType */
export type AccessLevel = (typeof ACCESS_LEVELS)[number]

/** Who asks. What it says of itself is believed: the store knows no passwords. */
export interface Caller {
  readonly agentId: string
  readonly teamId?: string
  readonly swarmId?: string
  /** A system agent. */
  readonly isSystem?: boolean
}

/** What decides who may do what with an entry. */
export interface Guard {
  /** Null where nobody owns it. */
  readonly owner: string | null
  readonly accessLevel: AccessLevel
  readonly teamId: string | null
  readonly swarmId: string | null
  /** By agent. */
  readonly granted: { readonly [agentId: string]: readonly Permission[] }
  readonly blocked: readonly string[]
}

const MEMBER: readonly Permission[] = ['read', 'write', 'share']
const ANYONE: readonly Permission[] = ['read', 'share']

/**
 * The access rules of agentic-qe's swarm memory. The owner may do everything; an explicit grant beats a block; a block beats
 * the level. By level: `private` nobody else; `team` and `swarm` the members read, write and share; `public` anyone reads and
 * shares; `system` system agents, everything. A level that is none of these counts as private.
 */
export function mayAccess(caller: Caller, permission: Permission, guard: Guard): boolean {
  const { agentId } = caller
  if (guard.owner === agentId) return true
  if (permissionsGranted(guard, agentId).includes(permission)) return true
  if (guard.blocked.includes(agentId)) return false
  return byLevel(caller, guard).includes(permission)
}

/** What an agent was granted explicitly. */
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
