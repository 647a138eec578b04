import type { Caller, Guard, Permission } from '../../algorithms/access.ts'

type Granted = Guard['granted']

/**
 * Marks a stored permission that another caller than the owner granted. It stands beside the permission itself, so that
 * programs that do not know it find the grants.
 */
const FOREIGN = 'foreign:'

/** Replaces the marks of an agent: its permissions that others than the owner granted. */
export function markGrants(
  granted: Granted,
  agentId: string,
  permissions: readonly Permission[],
  isForeign: (permission: Permission) => boolean,
): Granted {
  const marks = permissions.filter(isForeign).map((one) => `${FOREIGN}${one}` as Permission)
  return { ...granted, [agentId]: [...permissions, ...marks] }
}

/** Whether only others than the owner granted a permission to an agent. */
export function isForeignGrant(granted: Granted, agentId: string, permission: Permission): boolean {
  const all: readonly string[] = Object.hasOwn(granted, agentId) ? (granted[agentId] ?? []) : []
  return all.includes(`${FOREIGN}${permission}`)
}

/** The grants without marks. */
export function withoutMarks(granted: Granted): Granted {
  return filtered(granted, (_, permission) => !permission.startsWith(FOREIGN))
}

/** The grants that the owner made. */
export function ownGrants(granted: Granted): Granted {
  return filtered(
    granted,
    (agentId, permission) => !permission.startsWith(FOREIGN) && !isForeignGrant(granted, agentId, permission),
  )
}

/**
 * Whether a new level gives callers less than the one before, in any respect. Grants that others made by virtue of the level before
 * end then.
 */
export function isNarrower(
  before: Pick<Guard, 'accessLevel' | 'teamId' | 'swarmId'>,
  after: Pick<Guard, 'accessLevel' | 'teamId' | 'swarmId'>,
): boolean {
  if (before.accessLevel === 'private') return false
  if (before.accessLevel !== after.accessLevel) return true
  if (before.accessLevel === 'team') return before.teamId !== after.teamId
  return before.accessLevel === 'swarm' && before.swarmId !== after.swarmId
}

/** Whether the caller owns the entry. */
export function isOwner({ agentId }: Caller, { owner }: Pick<Guard, 'owner'>): boolean {
  return owner === agentId
}

function filtered(granted: Granted, keep: (agentId: string, permission: Permission) => boolean): Granted {
  const rest = Object.entries(granted).map(([agentId, permissions]): [string, Permission[]] => [
    agentId,
    permissions.filter((permission) => keep(agentId, permission)),
  ])
  return Object.fromEntries(rest.filter(([, permissions]) => permissions.length > 0))
}
