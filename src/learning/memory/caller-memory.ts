import { type Caller, mayAccess } from '../../algorithms/access.ts'
import { invalid } from '../../checks.ts'
import { MemoryTable } from '../../tables/memory.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkLifetime, expiryOf } from '../records/lifetimes.ts'
import { otherDimension } from '../vectors.ts'
import * as access from './access.ts'
import {
  type CheckedEntry,
  checkAddress,
  checkCaller,
  checkEntry,
  type MemoryAddress,
  type MemoryEntry,
  type MemoryLifetime,
  type NewMemoryEntry,
  toGuard,
  toMemoryEntry,
} from './entry.ts'
import { isNarrower, isOwner, ownGrants, withoutMarks } from './foreign-grants.ts'
import { checkListing, type ListMemoryOptions } from './listing.ts'
import type { MemoryIndexes } from './memory-index.ts'
import { checkSearch, type MemoryHit, type SearchMemoryOptions, searchMemory } from './search.ts'

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
  readonly #indexes: MemoryIndexes

  /** @throws INVALID_ARGUMENT */
  constructor(core: Core, indexes: MemoryIndexes, caller: Caller) {
    this.caller = checkCaller(caller)
    this.#core = core
    this.#table = new MemoryTable(core.connection)
    this.#indexes = indexes
  }

  /**
   * Sets the value, metadata, lifetime and vectors of an entry. The caller owns a new entry. An existing entry requires `write`
   * and keeps its owner and access level; only the owner may change its level, team or swarm, or shorten its lifetime. If the owner narrows the
   * level, or changes the team or swarm, grants by others than the owner end.
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
    const { criteria, matchesKey, matchesContent, from, to } = checkListing(options)
    const now = this.#core.now()
    const readable = this.#table
      .guards(criteria, now)
      .filter((row) => matchesKey(row.key) && mayAccess(this.caller, 'read', toGuard(row)))
    const entryOf = (row: Required<MemoryAddress>): MemoryEntry | [] => this.#entry(row, now) ?? []
    if (matchesContent === undefined) return readable.slice(from, to).flatMap(entryOf)
    return readable.flatMap(entryOf).filter(matchesContent).slice(from, to)
  }

  /**
   * Searches the entries that the caller may read by words, by a vector, or by both. Words of the key, the value and the metadata are
   * compared by their English stems (Porter) and ranked by BM25, vectors by exact cosine similarity; both rankings together by
   * reciprocal rank fusion. The first search reads all entries.
   *
   * @returns the best first, equal ones in the order of creation.
   * @throws INVALID_ARGUMENT also if the vector has another dimension than those of the embedder, or if there are only vectors of other
   * embedders.
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const memory = store.memory.as({ agentId: 'planner' })
   * await memory.set({ key: 'tea', value: { text: 'Ann likes green tea', kind: 'fact' } })
   * await memory.set({ key: 'bike', value: { text: 'Ann rides a bike', kind: 'fact' } })
   * const [best] = await memory.search({ text: 'what does she like to drink: tea?', filter: { kind: 'fact' }, limit: 1 })
   * console.log(best?.entry.key) // tea
   * await store.close()
   * ```
   */
  search(options: SearchMemoryOptions): MemoryHit[] {
    const search = checkSearch(options)
    const now = this.#core.now()
    return searchMemory(this.#indexes.current(), this.caller, search, now, (entry) => this.#entry(entry, now))
  }

  /**
   * Sets the remaining lifetime of an entry, and nothing else. Requires `write`; only the owner may shorten it.
   *
   * @returns false if there is no such entry.
   * @throws INVALID_ARGUMENT, ACCESS_DENIED
   */
  setLifetime(given: MemoryLifetime): boolean {
    const checked = checkAddress<MemoryLifetime>(given, ['ttlMs'])
    const ttlMs = checkLifetime(given.ttlMs, 'ttlMs')
    return this.#core.transaction(() => {
      const now = this.#core.now()
      const row = this.#table.guard(checked.key, checked.partition, now)
      if (!row) return false
      access.allow(mayAccess(this.caller, 'write', toGuard(row)), this.caller, 'write', checked)
      const [before, expiresAt] = [this.#expiry(checked, now), expiryOf(ttlMs, isoTime(now))]
      access.allowExpiry(this.caller, toGuard(row), before, expiresAt, checked)
      this.#table.setExpiry(checked.key, checked.partition, expiresAt)
      this.#indexes.changed(checked)
      return true
    })
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
      this.#indexes.changed(checked)
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
    return { granted: withoutMarks(guard.granted), blocked: guard.blocked }
  }

  #set({ expiresAt: expiryAt, hasUsualLifetime, vectors, ...entry }: CheckedEntry): void {
    const { key, partition, embedder } = entry
    const now = this.#core.now()
    const [vector] = vectors
    const dimension = embedder === null ? undefined : this.#table.dimensionOf(embedder, entry, now)
    if (embedder !== null && vector && dimension !== undefined && dimension !== vector.length) {
      throw otherDimension(embedder, dimension, vector)
    }
    const known = this.#table.guard(key, partition, now)
    let expiresAt = expiryAt(now)
    const guard = known && toGuard(known)
    if (guard) {
      access.allow(mayAccess(this.caller, 'write', guard), this.caller, 'write', entry)
      if (entry.accessLevel ?? entry.teamId ?? entry.swarmId) access.allowOwner(this.caller, guard, entry)
      const before = this.#expiry(entry, now)
      if (hasUsualLifetime && !isOwner(this.caller, guard)) expiresAt = access.later(before, expiresAt)
      access.allowExpiry(this.caller, guard, before, expiresAt, entry)
    }
    const accessLevel = entry.accessLevel ?? guard?.accessLevel ?? 'private'
    const teamId = entry.teamId ?? known?.teamId ?? (accessLevel === 'team' ? this.caller.teamId : null)
    const swarmId = entry.swarmId ?? known?.swarmId ?? (accessLevel === 'swarm' ? this.caller.swarmId : null)
    if (teamId === undefined) throw invalid('teamId', 'set for the level team', teamId)
    if (swarmId === undefined) throw invalid('swarmId', 'set for the level swarm', swarmId)
    const owner = known ? known.owner : this.caller.agentId
    const createdAt = known ? (this.#table.get(key, partition, now)?.createdAt ?? isoTime(now)) : isoTime(now)
    const rest = { createdAt, expiresAt, owner, accessLevel, teamId, swarmId }
    this.#table.put({ ...entry, ...rest, dimension: vector?.length ?? null }, vectors)
    this.#indexes.changed(entry)
    // Grants of an expired entry with this key do not apply to the new one.
    if (!known || !guard) this.#table.removeAcl(key, partition)
    else if (known.granted !== null) {
      const after = { accessLevel, teamId, swarmId }
      const granted = isNarrower(guard, after) ? JSON.stringify(ownGrants(guard.granted)) : known.granted
      this.#table.putAcl({ ...known, ...after, granted }, now)
    }
  }

  /** When an entry ends; null if it does not. */
  #expiry({ key, partition }: Required<MemoryAddress>, now: number): string | null {
    return this.#table.get(key, partition, now)?.expiresAt ?? null
  }

  #change<T extends Required<MemoryAddress>>(given: T, change: Parameters<typeof access.changeAccess<T>>[4]): boolean {
    return this.#core.transaction(() => {
      this.#indexes.changed(given)
      return access.changeAccess(this.#table, this.caller, given, this.#core.now(), change)
    })
  }

  #entry({ key, partition }: Required<MemoryAddress>, now: number): MemoryEntry | undefined {
    const row = this.#table.get(key, partition, now)
    return row && toMemoryEntry(row)
  }
}
