import { type Asker, mayAccess } from '../../algorithms/access.ts'
import { invalid } from '../../checks.ts'
import { type EntryRow, MemoryTable } from '../../tables/memory.ts'
import type { Core } from '../core/core.ts'
import * as access from './access.ts'
import { type Cleaned, cleanUp } from './cleanup.ts'
import { CrossSession } from './cross-session.ts'
import {
  type CheckedEntry,
  checkAddress,
  checkAsker,
  checkEntry,
  type MemoryAddress,
  type MemoryEntry,
  type NewMemoryEntry,
  toGuard,
  toMemoryEntry,
} from './entry.ts'
import { checkListing, type ListMemory } from './listing.ts'
import { type Hints, hints, type SwarmMetrics, type SwarmPatterns, swarmMetrics, swarmPatterns } from './swarm.ts'

/**
 * Memory that agents share. Who asks is told with every act, and believed; what they may do is `mayAccess`. What is refused is
 * ACCESS_DENIED, in the same words whatever the reason. That there is an entry is no secret, for whoever sets its key would
 * notice; all else about it is. No list holds what may not be read. What has expired is not there, and its key is free.
 */
export class Memory {
  /** Notes under keys, for anyone. */
  readonly hints: Hints
  /** What the swarm found. */
  readonly patterns: SwarmPatterns
  /** What the swarm measured. */
  readonly metrics: SwarmMetrics
  /** Values by key and namespace, without owners. */
  readonly crossSession: CrossSession
  readonly #core: Core
  readonly #table: MemoryTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new MemoryTable(core.connection)
    this.hints = hints(core)
    this.patterns = swarmPatterns(core)
    this.metrics = swarmMetrics(core)
    this.crossSession = new CrossSession(core)
  }

  /**
   * The entry has this value, metadata and lifetime afterwards. A new one belongs to who asks. One that is there takes `write`
   * and keeps its owner and level; the owner may give it another level. @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  set(asker: Asker, entry: NewMemoryEntry): void {
    const who = checkAsker(asker)
    const checked = checkEntry(entry)
    this.#core.transaction(() => this.#set(who, checked))
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT, ACCESS_DENIED without `read` */
  get(asker: Asker, address: MemoryAddress): MemoryEntry | undefined {
    const [who, where, now] = [checkAsker(asker), checkAddress(address), this.#core.now()]
    const row = this.#table.guard(where.key, where.partition, now)
    if (!row) return undefined
    access.allow(mayAccess(who, 'read', toGuard(row)), who, 'read', where)
    return this.#entry(where, now)
  }

  /** What who asks may read, by partition and key. @throws INVALID_ARGUMENT */
  list(asker: Asker, options: ListMemory = {}): MemoryEntry[] {
    const who = checkAsker(asker)
    const { criteria, matches, page } = checkListing(options)
    const now = this.#core.now()
    return this.#table
      .guards(criteria, now)
      .filter((row) => matches(row.key) && mayAccess(who, 'read', toGuard(row)))
      .slice(...page)
      .flatMap((row) => this.#entry(row, now) ?? [])
  }

  /** Answers whether there was one. @throws INVALID_ARGUMENT, ACCESS_DENIED without `delete` */
  remove(asker: Asker, address: MemoryAddress): boolean {
    const [who, where] = [checkAsker(asker), checkAddress(address)]
    return this.#core.transaction(() => {
      const row = this.#table.guard(where.key, where.partition, this.#core.now())
      if (!row) return false
      access.allow(mayAccess(who, 'delete', toGuard(row)), who, 'delete', where)
      this.#table.remove(where.key, where.partition)
      return true
    })
  }

  /**
   * The agent may do this besides, whatever the level, even where it is blocked. Takes `share`; who is not the owner grants
   * what it may do itself, and nothing to who is blocked. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  grant(asker: Asker, given: access.MemoryGrant): boolean {
    const checked = access.checkGrant({ ...given, permissions: given?.permissions ?? [] })
    return this.#change(asker, checked, access.grant)
  }

  /**
   * The agent has no such grant any more. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  revoke(asker: Asker, given: access.MemoryRevocation): boolean {
    return this.#change(asker, access.checkGrant(given), access.revoke)
  }

  /**
   * The agent may do only what it is granted explicitly. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  block(asker: Asker, given: access.MemoryBlock): boolean {
    return this.#change(asker, access.checkBlock(given), access.block)
  }

  /**
   * The agent may do again what the level allows. For the owner. Answers false where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  unblock(asker: Asker, given: access.MemoryBlock): boolean {
    return this.#change(asker, access.checkBlock(given), access.unblock)
  }

  /**
   * Whom the owner has granted what, and whom blocked. For the owner. Undefined where there is no entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  access(asker: Asker, address: MemoryAddress): access.MemoryAccess | undefined {
    const [who, where] = [checkAsker(asker), checkAddress(address)]
    const row = this.#table.guard(where.key, where.partition, this.#core.now())
    if (!row) return undefined
    const guard = toGuard(row)
    access.allowOwner(who, guard, where)
    return { granted: guard.granted, blocked: guard.blocked }
  }

  /** Removes what has expired, here and in the fleet, and answers how many there were. */
  cleanup(): Cleaned {
    return this.#core.transaction(() => cleanUp(this.#core))
  }

  #set(asker: Asker, { expiresAt, ...entry }: CheckedEntry): void {
    const { key, partition } = entry
    const now = this.#core.now()
    const known = this.#table.guard(key, partition, now)
    if (known) {
      const guard = toGuard(known)
      access.allow(mayAccess(asker, 'write', guard), asker, 'write', entry)
      if (entry.accessLevel ?? entry.teamId ?? entry.swarmId) access.allowOwner(asker, guard, entry)
    }
    const accessLevel = entry.accessLevel ?? known?.accessLevel ?? 'private'
    const teamId = entry.teamId ?? known?.teamId ?? (accessLevel === 'team' ? asker.teamId : null)
    const swarmId = entry.swarmId ?? known?.swarmId ?? (accessLevel === 'swarm' ? asker.swarmId : null)
    if (teamId === undefined) throw invalid('teamId', 'told for the level team', teamId)
    if (swarmId === undefined) throw invalid('swarmId', 'told for the level swarm', swarmId)
    const owner = known ? known.owner : asker.agentId
    const createdAt = known ? (this.#table.get(key, partition, now)?.createdAt ?? now) : now
    const row: EntryRow = { ...entry, createdAt, expiresAt: expiresAt(now), owner, accessLevel, teamId, swarmId }
    this.#table.put(row)
    // What was granted for an entry that expired holds for no other.
    if (!known) this.#table.removeAcl(key, partition)
    else if (known.granted !== null) this.#table.putAcl({ ...known, accessLevel, teamId, swarmId }, now)
  }

  #change<T extends Required<MemoryAddress>>(
    asker: Asker,
    given: T,
    change: Parameters<typeof access.changeAccess<T>>[4],
  ): boolean {
    const who = checkAsker(asker)
    return this.#core.transaction(() => access.changeAccess(this.#table, who, given, this.#core.now(), change))
  }

  #entry({ key, partition }: Required<MemoryAddress>, now: number): MemoryEntry | undefined {
    const row = this.#table.get(key, partition, now)
    return row && toMemoryEntry(row)
  }
}
