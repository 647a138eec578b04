import { type Caller, mayAccess } from '../../algorithms/access.ts'
import { checkName, invalid } from '../../checks.ts'
import { type EntryRow, MemoryTable } from '../../tables/memory.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import * as access from './access.ts'
import {
  type CheckedEntry,
  checkAddress,
  checkCaller,
  checkEntry,
  type MemoryAddress,
  type MemoryEntry,
  type NewMemoryEntry,
  toGuard,
  toMemoryEntry,
} from './entry.ts'
import { checkListing, type ListMemoryOptions, type MemoryListing } from './listing.ts'

/**
 * The shared memory as one caller may use it: `store.memory.as(caller)`. The caller is not authenticated. The owner of
 * an entry may do everything; an explicit grant overrides a block, and a block overrides the access level. By level:
 * `private`, nobody else; `team` and `swarm`, their members read, write and share; `public`, anyone reads and shares;
 * `system`, system agents do everything. Denied calls throw ACCESS_DENIED, with the same message whatever the reason;
 * they reveal that a key is in use, and nothing else. Lists contain only entries that the caller may read. Expired
 * entries do not exist.
 */
export class CallerMemory {
  /** The caller that was passed to `as`. */
  readonly caller: Caller
  readonly #core: Core
  readonly #table: MemoryTable

  /** @throws INVALID_ARGUMENT */
  constructor(core: Core, caller: Caller) {
    this.caller = checkCaller(caller)
    this.#core = core
    this.#table = new MemoryTable(core.connection)
  }

  /**
   * Sets the value, metadata and lifetime of an entry. The caller owns a new entry. An existing entry requires `write`
   * and keeps its owner and access level; only the owner may change its level, team or swarm.
   *
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  set(entry: NewMemoryEntry): void {
    const checked = checkEntry(entry)
    this.#core.transaction(() => this.#set(checked))
  }

  /**
   * Returns one entry. Requires `read`.
   *
   * @returns undefined if there is none.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  get(address: MemoryAddress): MemoryEntry | undefined {
    const checked = checkAddress(address)
    const now = this.#core.now()
    const row = this.#table.guard(checked.key, checked.partition, now)
    if (!row) return undefined
    access.allow(mayAccess(this.caller, 'read', toGuard(row)), this.caller, 'read', checked)
    return this.#entry(checked, now)
  }

  /**
   * Lists the entries that the caller may read.
   *
   * @returns sorted by partition and key.
   * @throws INVALID_ARGUMENT
   */
  list(options: ListMemoryOptions = {}): MemoryEntry[] {
    return this.#find(checkListing(options))
  }

  /**
   * Lists the entries that the caller may read and whose keys match a pattern.
   *
   * @param pattern matches the whole key; `*` matches any sequence of characters.
   * @returns sorted by partition and key.
   * @throws INVALID_ARGUMENT
   */
  search(pattern: string, options: ListMemoryOptions = {}): MemoryEntry[] {
    return this.#find(checkListing(options, checkName(pattern, 'pattern')))
  }

  /**
   * Deletes an entry. Requires `delete`.
   *
   * @returns false if there is none.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  delete(address: MemoryAddress): boolean {
    const checked = checkAddress(address)
    return this.#core.transaction(() => {
      const row = this.#table.guard(checked.key, checked.partition, this.#core.now())
      if (!row) return false
      access.allow(mayAccess(this.caller, 'delete', toGuard(row)), this.caller, 'delete', checked)
      this.#table.remove(checked.key, checked.partition)
      return true
    })
  }

  /**
   * Grants permissions to an agent, in addition to its earlier grants. Grants override the access level and blocks.
   * Requires `share`; callers other than the owner grant only permissions that they have, and nothing to a blocked
   * agent.
   *
   * @returns false if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  grant(given: access.MemoryGrant): boolean {
    const checked = access.checkGrant({ ...given, permissions: given?.permissions ?? [] })
    return this.#change(checked, access.grant)
  }

  /**
   * Revokes permissions that were granted to an agent. Only the owner may call it.
   *
   * @returns false if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  revoke(given: access.MemoryRevocation): boolean {
    return this.#change(access.checkGrant(given), access.revoke)
  }

  /**
   * Blocks an agent: it may do only what it is granted explicitly. Only the owner may call it.
   *
   * @returns false if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  block(given: access.MemoryBlock): boolean {
    return this.#change(access.checkBlock(given), access.block)
  }

  /**
   * Removes the block of an agent. Only the owner may call it.
   *
   * @returns false if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  unblock(given: access.MemoryBlock): boolean {
    return this.#change(access.checkBlock(given), access.unblock)
  }

  /**
   * Returns the explicit grants and blocks of an entry. Only the owner may call it.
   *
   * @returns undefined if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  getAccess(address: MemoryAddress): access.MemoryAccess | undefined {
    const checked = checkAddress(address)
    const row = this.#table.guard(checked.key, checked.partition, this.#core.now())
    if (!row) return undefined
    const guard = toGuard(row)
    access.allowOwner(this.caller, guard, checked)
    return { granted: guard.granted, blocked: guard.blocked }
  }

  #find({ criteria, matches, page }: MemoryListing): MemoryEntry[] {
    const now = this.#core.now()
    return this.#table
      .guards(criteria, now)
      .filter((row) => matches(row.key) && mayAccess(this.caller, 'read', toGuard(row)))
      .slice(...page)
      .flatMap((row) => this.#entry(row, now) ?? [])
  }

  #set({ expiresAt, ...entry }: CheckedEntry): void {
    const { key, partition } = entry
    const now = this.#core.now()
    const known = this.#table.guard(key, partition, now)
    if (known) {
      const guard = toGuard(known)
      access.allow(mayAccess(this.caller, 'write', guard), this.caller, 'write', entry)
      if (entry.accessLevel ?? entry.teamId ?? entry.swarmId) access.allowOwner(this.caller, guard, entry)
    }
    const accessLevel = entry.accessLevel ?? known?.accessLevel ?? 'private'
    const teamId = entry.teamId ?? known?.teamId ?? (accessLevel === 'team' ? this.caller.teamId : null)
    const swarmId = entry.swarmId ?? known?.swarmId ?? (accessLevel === 'swarm' ? this.caller.swarmId : null)
    if (teamId === undefined) throw invalid('teamId', 'set for the level team', teamId)
    if (swarmId === undefined) throw invalid('swarmId', 'set for the level swarm', swarmId)
    const owner = known ? known.owner : this.caller.agentId
    const createdAt = known ? (this.#table.get(key, partition, now)?.createdAt ?? isoTime(now)) : isoTime(now)
    const row: EntryRow = { ...entry, createdAt, expiresAt: expiresAt(now), owner, accessLevel, teamId, swarmId }
    this.#table.put(row)
    // Grants of an expired entry with this key do not apply to the new one.
    if (!known) this.#table.removeAcl(key, partition)
    else if (known.granted !== null) this.#table.putAcl({ ...known, accessLevel, teamId, swarmId }, now)
  }

  #change<T extends Required<MemoryAddress>>(given: T, change: Parameters<typeof access.changeAccess<T>>[4]): boolean {
    return this.#core.transaction(() => access.changeAccess(this.#table, this.caller, given, this.#core.now(), change))
  }

  #entry({ key, partition }: Required<MemoryAddress>, now: number): MemoryEntry | undefined {
    const row = this.#table.get(key, partition, now)
    return row && toMemoryEntry(row)
  }
}
