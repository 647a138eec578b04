import { type Caller, mayAccess } from '../../algorithms/access.ts'
import { checkName, invalid } from '../../checks.ts'
import { type EntryRow, MemoryTable } from '../../tables/memory.ts'
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
 * The shared memory as one caller may use it: `store.memory.as(caller)`. The access rules are those of `mayAccess`; the caller is
 * not authenticated. What is refused is ACCESS_DENIED, with the same message whatever the reason. That a key is in use is no
 * secret, because setting it would show it; everything else about an entry is. Lists hold only what the caller may read. An expired
 * entry does not exist, and its key is free.
 */
export class CallerMemory {
  /** Who calls, as it was given to `as`. */
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
   * The entry has this value, metadata and lifetime afterwards. A new one belongs to who asks. One that is there takes `write`
   * and keeps its owner and level; the owner may give it another level. @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  set(entry: NewMemoryEntry): void {
    const checked = checkEntry(entry)
    this.#core.transaction(() => this.#set(checked))
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT, ACCESS_DENIED without `read` */
  get(address: MemoryAddress): MemoryEntry | undefined {
    const [where, now] = [checkAddress(address), this.#core.now()]
    const row = this.#table.guard(where.key, where.partition, now)
    if (!row) return undefined
    access.allow(mayAccess(this.caller, 'read', toGuard(row)), this.caller, 'read', where)
    return this.#entry(where, now)
  }

  /** The entries that the caller may read, sorted by partition and key. @throws INVALID_ARGUMENT */
  list(options: ListMemoryOptions = {}): MemoryEntry[] {
    return this.#find(checkListing(options))
  }

  /**
   * The entries whose keys match a pattern and that the caller may read, sorted by partition and key.
   * @param pattern of the whole key; `*` stands for any run of characters.
   * @throws INVALID_ARGUMENT
   */
  search(pattern: string, options: ListMemoryOptions = {}): MemoryEntry[] {
    return this.#find(checkListing(options, checkName(pattern, 'pattern')))
  }
  /** Answers whether there was one. @throws INVALID_ARGUMENT, ACCESS_DENIED without `delete` */
  delete(address: MemoryAddress): boolean {
    const where = checkAddress(address)
    return this.#core.transaction(() => {
      const row = this.#table.guard(where.key, where.partition, this.#core.now())
      if (!row) return false
      access.allow(mayAccess(this.caller, 'delete', toGuard(row)), this.caller, 'delete', where)
      this.#table.remove(where.key, where.partition)
      return true
    })
  }

  /**
   * The agent may do this besides, whatever the level, even where it is blocked. Takes `share`; who is not the owner grants
   * what it may do itself, and nothing to who is blocked. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  grant(given: access.MemoryGrant): boolean {
    const checked = access.checkGrant({ ...given, permissions: given?.permissions ?? [] })
    return this.#change(checked, access.grant)
  }

  /**
   * The agent has no such grant any more. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  revoke(given: access.MemoryRevocation): boolean {
    return this.#change(access.checkGrant(given), access.revoke)
  }

  /**
   * The agent may do only what it is granted explicitly. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  block(given: access.MemoryBlock): boolean {
    return this.#change(access.checkBlock(given), access.block)
  }

  /**
   * The agent may do again what the level allows. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  unblock(given: access.MemoryBlock): boolean {
    return this.#change(access.checkBlock(given), access.unblock)
  }

  /**
   * Whom the owner has granted what, and whom blocked. For the owner. Undefined where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  getAccess(address: MemoryAddress): access.MemoryAccess | undefined {
    const where = checkAddress(address)
    const row = this.#table.guard(where.key, where.partition, this.#core.now())
    if (!row) return undefined
    const guard = toGuard(row)
    access.allowOwner(this.caller, guard, where)
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
    if (teamId === undefined) throw invalid('teamId', 'told for the level team', teamId)
    if (swarmId === undefined) throw invalid('swarmId', 'told for the level swarm', swarmId)
    const owner = known ? known.owner : this.caller.agentId
    const createdAt = known ? (this.#table.get(key, partition, now)?.createdAt ?? now) : now
    const row: EntryRow = { ...entry, createdAt, expiresAt: expiresAt(now), owner, accessLevel, teamId, swarmId }
    this.#table.put(row)
    // What was granted for an entry that expired holds for no other.
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
