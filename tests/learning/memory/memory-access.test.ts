import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Caller,
  PERMISSIONS,
  type Permission,
} from '../../../src/algorithms/access.ts'
import { isoTime } from '../../../src/times.ts'
import { clockedStore } from '../clocked-store.ts'

const ann: Caller = { agentId: 'ann', teamId: 'red', swarmId: 'north' }
const mate: Caller = { agentId: 'mate', teamId: 'red', swarmId: 'north' }
const bee: Caller = { agentId: 'bee', teamId: 'blue', swarmId: 'north' }
const stranger: Caller = { agentId: 'stranger' }
const kernel: Caller = { agentId: '__proto__', isSystem: true }
const callers = [ann, mate, bee, stranger, kernel]
const k = { key: 'k' }
const denied = expect.objectContaining({ code: 'ACCESS_DENIED' })

test('only the owner shortens a lifetime, and other writers prolong it', () => {
  const { store, clock } = clockedStore()
  const [own, other] = [store.memory.as(ann), store.memory.as(mate)]
  own.set({ ...k, value: 1, accessLevel: 'team', ttlMs: 10_000 })
  const before = own.get(k)
  expect(() => other.setLifetime({ ...k, ttlMs: 9_999 })).toThrow(denied)
  expect(() => other.set({ ...k, value: 2, ttlMs: 1 })).toThrow(denied)
  expect(() => other.set({ ...k, value: 2, expiresAt: '1970-01-01T00:00:00.001Z' })).toThrow(denied)
  expect(own.get(k)).toEqual(before)
  expect(other.setLifetime({ ...k, ttlMs: 10_000 })).toBe(true)
  expect(other.setLifetime({ ...k, ttlMs: 20_000 })).toBe(true)
  expect(() => other.setLifetime({ ...k, ttlMs: 10_000 })).toThrow(denied)
  clock.now += 15_000
  expect(() => store.memory.as(stranger).set({ ...k, value: 'mine' })).toThrow(denied)
  expect(other.setLifetime({ ...k, ttlMs: 0 })).toBe(true)
  expect(() => other.setLifetime({ ...k, ttlMs: 1e13 })).toThrow(denied)
  expect(own.setLifetime({ ...k, ttlMs: 1 })).toBe(true)
})

test('a writer that names no lifetime does not shorten one by the default of the partition', () => {
  const { store, clock } = clockedStore()
  const at = { key: 'k', partition: 'shared' }
  store.memory.as(ann).set({ ...at, value: 1, accessLevel: 'team', ttlMs: 0 })
  store.memory.as(mate).set({ ...at, value: 2 })
  expect(store.memory.as(ann).get(at)).toMatchObject({ value: 2, expiresAt: null })
  store.memory.as(ann).set({ ...at, value: 3 })
  expect(store.memory.as(ann).get(at)?.expiresAt).toBe(isoTime(clock.now + 1_800_000))
})

test('an agent that may delete does not shorten a lifetime either', () => {
  const { store } = clockedStore()
  store.memory.as(ann).set({ ...k, value: 1, ttlMs: 10_000 })
  store.memory.as(ann).grant({ ...k, agentId: 'stranger', permissions: ['write', 'delete'] })
  expect(() => store.memory.as(stranger).setLifetime({ ...k, ttlMs: 1 })).toThrow(denied)
})

test('grants that strangers made while an entry was public end when it becomes private, and those of the owner stay', () => {
  const { store } = clockedStore()
  const own = store.memory.as(ann)
  own.set({ ...k, value: 1, accessLevel: 'public' })
  own.grant({ ...k, agentId: 'bee', permissions: ['read'] })
  store.memory.as(stranger).grant({ ...k, agentId: 'stranger', permissions: ['read', 'share'] })
  store.memory.as(stranger).grant({ ...k, agentId: 'bee', permissions: ['share'] })
  expect(own.getAccess(k)).toEqual({ granted: { bee: ['read', 'share'], stranger: ['read', 'share'] }, blocked: [] })
  own.set({ ...k, value: 2, accessLevel: 'private' })
  expect(own.getAccess(k)).toEqual({ granted: { bee: ['read'] }, blocked: [] })
  expect(() => store.memory.as(stranger).get(k)).toThrow(denied)
  expect(store.memory.as(stranger).list()).toEqual([])
})

test('a grant that the owner repeats is the owner’s, and one that a stranger repeats stays the owner’s', () => {
  const { store } = clockedStore()
  const [own, other] = [store.memory.as(ann), store.memory.as(stranger)]
  own.set({ ...k, value: 1, accessLevel: 'public' })
  other.grant({ ...k, agentId: 'bee', permissions: ['read', 'share'] })
  own.grant({ ...k, agentId: 'bee', permissions: ['read'] })
  own.grant({ ...k, agentId: 'mate', permissions: ['read'] })
  other.grant({ ...k, agentId: 'mate', permissions: ['read'] })
  own.set({ ...k, value: 2, accessLevel: 'team' })
  expect(own.getAccess(k)?.granted).toEqual({ bee: ['read'], mate: ['read'] })
})

test('grants are stored so that programs that know no marks find them', () => {
  const { store, connection } = clockedStore()
  store.memory.as(ann).set({ ...k, value: 1, accessLevel: 'public' })
  store.memory.as(stranger).grant({ ...k, agentId: 'bee', permissions: ['read'] })
  const [text = ''] = connection.get<[string]>('SELECT granted_permissions FROM memory_acl') ?? []
  expect(JSON.parse(text)).toEqual({ bee: ['read', 'foreign:read'] })
})

/** What one entry should be, by rules that are written apart from the product's. */
class Model {
  entry: { owner: string; level: AccessLevel; team: string | null; swarm: string | null; end: number } | undefined
  readonly grants: Map<string, boolean> = new Map()
  readonly blocked: Set<string> = new Set()

  at(now: number): NonNullable<Model['entry']> | undefined {
    if (this.entry && this.entry.end <= now) this.entry = undefined
    return this.entry
  }

  may({ agentId, teamId, swarmId, isSystem }: Caller, permission: Permission): boolean {
    const { entry } = this
    if (!entry) return false
    if (entry.owner === agentId || this.grants.has(`${agentId} ${permission}`)) return true
    if (this.blocked.has(agentId)) return false
    if (entry.level === 'system') return isSystem === true
    if (entry.level === 'public') return permission === 'read' || permission === 'share'
    const isMember = {
      team: teamId !== undefined && teamId === entry.team,
      swarm: swarmId === entry.swarm && !!swarmId,
    }
    return (entry.level === 'team' || entry.level === 'swarm') && isMember[entry.level] && permission !== 'delete'
  }
}

test('over any callers, levels and times, an entry changes hands only by deletion or at the end that its owner accepted', () => {
  const index = fc.nat({ max: callers.length - 1 })
  const ttlMs = fc.constantFrom(undefined, 0, 1, 500, 1_000, 5_000)
  const step = fc.oneof(
    fc.record({
      do: fc.constant('set' as const),
      by: index,
      ttlMs,
      level: fc.option(fc.constantFrom(...ACCESS_LEVELS)),
    }),
    fc.record({ do: fc.constant('lifetime' as const), by: index, ttlMs: fc.constantFrom(0, 1, 500, 5_000) }),
    fc.record({
      do: fc.constantFrom<'grant' | 'revoke'>('grant', 'revoke'),
      by: index,
      to: index,
      permissions: fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1 }),
    }),
    fc.record({ do: fc.constantFrom<'block' | 'unblock'>('block', 'unblock'), by: index, to: index }),
    fc.record({ do: fc.constant('delete' as const), by: index }),
    fc.record({ do: fc.constant('prune' as const), by: index }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 499, 1_000) }),
  )
  const { store, clock } = clockedStore()
  let runs = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const k = { key: `run ${runs++}` }
      const model = new Model()
      for (const one of steps) {
        const { now } = clock
        const entry = model.at(now)
        if (one.do === 'wait') {
          clock.now += one.ms
          continue
        }
        const caller = callers[one.by] ?? ann
        const memory = store.memory.as(caller)
        const isOwner = entry?.owner === caller.agentId
        const outcome = (work: () => unknown): unknown => {
          try {
            return work() ?? 'done'
          } catch (error) {
            return (error as { code: string }).code
          }
        }
        const endOf = (ms: number): number => (ms === 0 ? Number.POSITIVE_INFINITY : now + ms)
        if (one.do === 'set') {
          const level = one.level ?? undefined
          const accessLevel = level ?? entry?.level ?? 'private'
          const team = entry?.team ?? (accessLevel === 'team' ? caller.teamId : null)
          const swarm = entry?.swarm ?? (accessLevel === 'swarm' ? caller.swarmId : null)
          const isShorter = one.ttlMs !== undefined && entry !== undefined && endOf(one.ttlMs) < entry.end
          const isDenied = entry && (!model.may(caller, 'write') || (!isOwner && (level || isShorter)))
          const expected = isDenied
            ? 'ACCESS_DENIED'
            : team === undefined || swarm === undefined
              ? 'INVALID_ARGUMENT'
              : 'done'
          const got = outcome(() =>
            memory.set({
              ...k,
              value: 1,
              ...(level && { accessLevel: level }),
              ...(one.ttlMs !== undefined && { ttlMs: one.ttlMs }),
            }),
          )
          expect(got).toBe(expected)
          if (got !== 'done' || team === undefined || swarm === undefined) continue
          if (!entry) {
            model.grants.clear()
            model.blocked.clear()
          } else if (entry.level !== accessLevel && entry.level !== 'private') {
            for (const [grant, isOwners] of model.grants) if (!isOwners) model.grants.delete(grant)
          }
          const owner = entry?.owner ?? caller.agentId
          model.entry = { owner, level: accessLevel, team, swarm, end: endOf(one.ttlMs ?? 0) }
        } else if (one.do === 'lifetime') {
          const isAllowed = entry && model.may(caller, 'write') && (isOwner || endOf(one.ttlMs) >= entry.end)
          const got = outcome(() => memory.setLifetime({ ...k, ttlMs: one.ttlMs }))
          expect(got).toBe(entry ? (isAllowed ? true : 'ACCESS_DENIED') : false)
          if (entry && isAllowed) entry.end = endOf(one.ttlMs)
        } else if (one.do === 'delete') {
          expect(outcome(() => memory.delete(k))).toBe(entry ? model.may(caller, 'delete') || 'ACCESS_DENIED' : false)
          if (entry && model.may(caller, 'delete')) model.entry = undefined
        } else if (one.do === 'prune') {
          store.memory.prune()
        } else if (one.do === 'grant' || one.do === 'revoke') {
          const { agentId } = callers[one.to] ?? ann
          const mayGrant =
            ['share' as const, ...one.permissions].every((permission) => model.may(caller, permission)) &&
            !model.blocked.has(agentId)
          const isAllowed = isOwner || (one.do === 'grant' && mayGrant)
          const got = outcome(() => memory[one.do]({ ...k, agentId, permissions: one.permissions }))
          expect(got).toBe(entry ? isAllowed || 'ACCESS_DENIED' : false)
          if (got !== true) continue
          for (const permission of one.permissions) {
            const grant = `${agentId} ${permission}`
            if (one.do === 'revoke') model.grants.delete(grant)
            else model.grants.set(grant, isOwner || model.grants.get(grant) === true)
          }
        } else if (one.do === 'block' || one.do === 'unblock') {
          const { agentId } = callers[one.to] ?? ann
          const isOwnBlock = one.do === 'block' && isOwner && agentId === entry?.owner
          const got = outcome(() => memory[one.do]({ ...k, agentId }))
          expect(got).toBe(entry ? (isOwner ? (isOwnBlock ? 'INVALID_ARGUMENT' : true) : 'ACCESS_DENIED') : false)
          if (got === true && one.do === 'block') model.blocked.add(agentId)
          if (got === true && one.do === 'unblock') model.blocked.delete(agentId)
        }
        for (const reader of callers) {
          const found = model.at(clock.now)
          const listed = store.memory.as(reader).list({ keys: k.key })
          expect(listed.map(({ owner }) => owner)).toEqual(found && model.may(reader, 'read') ? [found.owner] : [])
        }
      }
    }),
    { numRuns: 200 },
  )
})
