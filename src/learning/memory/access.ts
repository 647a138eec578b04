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
import { checkAddress, checkPermissions, type MemoryAddress, toGuard } from './entry.ts'

/** An agent, and an entry that it may or may not use. */
export interface MemoryBlock extends MemoryAddress {
  readonly agentId: string
}

/** What an agent is granted explicitly. */
export interface MemoryGrant extends MemoryBlock {
  readonly permissions: readonly Permission[]
}

/** All explicit grants unless some are named. */
export interface MemoryRevocation extends MemoryBlock {
  readonly permissions?: readonly Permission[]
}

/** What was said explicitly of who may use an entry. */
export type MemoryAccess = Pick<Guard, 'granted' | 'blocked'>

/** @param operation what was to be done. @throws ACCESS_DENIED, which says the same whatever the reason. */
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
 * Grants these permissions besides what was granted before. The owner may grant anything; who may share grants what it may do
 * itself, and nothing to an agent that is blocked, or a block would hold only until someone else undoes it.
 */
export function grant(caller: Caller, guard: Guard, { permissions, ...given }: Required<MemoryGrant>): MemoryAccess {
  const { agentId } = given
  const isHeld = ['share' as const, ...permissions].every((permission) => mayAccess(caller, permission, guard))
  allow(isHeld && (guard.owner === caller.agentId || !guard.blocked.includes(agentId)), caller, 'share', given)
  const before = permissionsGranted(guard, agentId)
  const all = PERMISSIONS.filter((one) => before.includes(one) || permissions.includes(one))
  return { blocked: guard.blocked, granted: { ...guard.granted, [agentId]: all } }
}

export function revoke(caller: Caller, guard: Guard, { permissions, ...given }: Required<MemoryGrant>): MemoryAccess {
  allowOwner(caller, guard, given)
  const { agentId } = given
  const rest = permissionsGranted(guard, agentId).filter((one) => !permissions.includes(one))
  const others = Object.entries(guard.granted).filter(([id]) => id !== agentId)
  return {
    blocked: guard.blocked,
    granted: Object.fromEntries(rest.length === 0 ? others : [...others, [agentId, rest]]),
  }
}

/** @throws INVALID_ARGUMENT where it is the owner who is to be blocked. */
export function block(caller: Caller, guard: Guard, given: Required<MemoryBlock>): MemoryAccess {
  allowOwner(caller, guard, given)
  if (given.agentId === guard.owner) throw invalid('agentId', 'another agent than the owner', given.agentId)
  return { ...guard, blocked: [...new Set([...guard.blocked, given.agentId])] }
}

export function unblock(caller: Caller, guard: Guard, given: Required<MemoryBlock>): MemoryAccess {
  allowOwner(caller, guard, given)
  return { ...guard, blocked: guard.blocked.filter((id) => id !== given.agentId) }
}

export function allowOwner(caller: Caller, { owner }: Guard, address: Required<MemoryAddress>): void {
  allow(owner === caller.agentId, caller, 'say who may use', address)
}

/** Answers false, and changes nothing, where there is no such entry. @param now in ms since the epoch. */
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
