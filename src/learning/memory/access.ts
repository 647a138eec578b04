import {
  type Caller,
  type Guard,
  mayAccess,
  PERMISSIONS,
  type Permission,
  permissionsGranted,
} from '../../algorithms/access.ts'
import { checkName, invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { MemoryTable } from '../../tables/memory.ts'
import { msOfTime } from '../../times.ts'
import { checkAddress, checkPermissions, type MemoryAddress, toGuard } from './entry.ts'
import { isForeignGrant, isOwner, markGrants } from './foreign-grants.ts'

/** An entry, and an agent to block or unblock. */
export interface MemoryBlock extends MemoryAddress {
  /** The agent. */
  readonly agentId: string
}

/** Permissions to grant to an agent for an entry. */
export interface MemoryGrant extends MemoryBlock {
  /** The permissions to grant. */
  readonly permissions: readonly Permission[]
}

/** Permissions to revoke from an agent for an entry. */
export interface MemoryRevocation extends MemoryBlock {
  /** The permissions to revoke. Default: all. */
  readonly permissions?: readonly Permission[]
}

/** The explicit grants and blocks of an entry. */
export type MemoryAccess = Pick<Guard, 'granted' | 'blocked'>

/** @param operation the verb for the message. @throws ACCESS_DENIED, with the same message whatever the reason. */
export function allow(
  isAllowed: boolean,
  caller: Caller,
  operation: string,
  { key, partition }: Required<MemoryAddress>,
): void {
  if (isAllowed) return
  const entry = `${JSON.stringify(key)} in partition ${JSON.stringify(partition)}`
  throw new StoreError(
    'ACCESS_DENIED',
    `Expected an agent that may ${operation} ${entry}, got ${JSON.stringify(caller.agentId)}`,
  )
}

/** @throws INVALID_ARGUMENT */
export function checkGrant<T extends MemoryRevocation>(grant: T): Required<MemoryRevocation> {
  const address = checkAddress<MemoryRevocation>(grant, ['agentId', 'permissions'])
  const { agentId, permissions = PERMISSIONS } = grant
  return { ...address, agentId: checkName(agentId, 'agentId'), permissions: checkPermissions(permissions) }
}

/** @throws INVALID_ARGUMENT */
export function checkBlock(block: MemoryBlock): Required<MemoryBlock> {
  return { ...checkAddress(block, ['agentId']), agentId: checkName(block.agentId, 'agentId') }
}

/**
 * Adds grants. The owner may grant anything. Others need `share`, may grant only permissions that they have, and
 * nothing to a blocked agent; otherwise anyone could undo a block.
 */
export function grant(caller: Caller, guard: Guard, { permissions, ...given }: Required<MemoryGrant>): MemoryAccess {
  const { agentId } = given
  const hasAll = ['share' as const, ...permissions].every((permission) => mayAccess(caller, permission, guard))
  allow(hasAll && (isOwner(caller, guard) || !guard.blocked.includes(agentId)), caller, 'share', given)
  const before = permissionsGranted(guard, agentId)
  const all = PERMISSIONS.filter((one) => before.includes(one) || permissions.includes(one))
  const isForeign = (one: Permission): boolean => {
    if (!permissions.includes(one) || (!isOwner(caller, guard) && before.includes(one))) {
      return isForeignGrant(guard.granted, agentId, one)
    }
    return !isOwner(caller, guard)
  }
  return { blocked: guard.blocked, granted: markGrants(guard.granted, agentId, all, isForeign) }
}

export function revoke(caller: Caller, guard: Guard, { permissions, ...given }: Required<MemoryGrant>): MemoryAccess {
  allowOwner(caller, guard, given)
  const { agentId } = given
  const before = permissionsGranted(guard, agentId)
  const rest = PERMISSIONS.filter((one) => before.includes(one) && !permissions.includes(one))
  const { [agentId]: _, ...others } = guard.granted
  const isForeign = (one: Permission): boolean => isForeignGrant(guard.granted, agentId, one)
  return { blocked: guard.blocked, granted: rest.length === 0 ? others : markGrants(others, agentId, rest, isForeign) }
}

/** @throws INVALID_ARGUMENT for the owner. */
export function block(caller: Caller, guard: Guard, given: Required<MemoryBlock>): MemoryAccess {
  allowOwner(caller, guard, given)
  if (given.agentId === guard.owner) throw invalid('agentId', 'another agent than the owner', given.agentId)
  return { ...guard, blocked: [...new Set([...guard.blocked, given.agentId])] }
}

export function unblock(caller: Caller, guard: Guard, given: Required<MemoryBlock>): MemoryAccess {
  allowOwner(caller, guard, given)
  return { ...guard, blocked: guard.blocked.filter((id) => id !== given.agentId) }
}

export function allowOwner(caller: Caller, guard: Guard, address: Required<MemoryAddress>): void {
  allow(isOwner(caller, guard), caller, 'manage access to', address)
}

/**
 * Checks a new end of a lifetime. Others than the owner may only prolong it: an entry that expires is free for a new owner.
 * @param before ISO 8601; null means never. @throws ACCESS_DENIED
 */
export function allowExpiry(
  caller: Caller,
  guard: Guard,
  before: string | null,
  after: string | null,
  address: Required<MemoryAddress>,
): void {
  allow(isOwner(caller, guard) || later(before, after) === after, caller, 'shorten the lifetime of', address)
}

/** The later of two ends of lifetimes. */
export function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null
  return msOfTime(a) > msOfTime(b) ? a : b
}

/** @param now ms since the epoch. @returns false if there is no such entry. */
export function changeAccess<T extends Required<MemoryAddress>>(
  table: MemoryTable,
  caller: Caller,
  given: T,
  now: number,
  change: (caller: Caller, guard: Guard, given: T) => MemoryAccess,
): boolean {
  const row = table.guard(given.key, given.partition, now)
  if (!row) return false
  const { granted, blocked } = change(caller, toGuard(row), given)
  table.putAcl({ ...row, granted: JSON.stringify(granted), blocked: JSON.stringify(blocked) }, now)
  return true
}
