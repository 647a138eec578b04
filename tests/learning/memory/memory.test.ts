import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Caller, mayAccess, PERMISSIONS, type Permission } from '../../../src/algorithms/access.ts'
import { isoTime } from '../../../src/times.ts'
import { clockedStore } from '../clocked-store.ts'

const ann: Caller = { agentId: 'ann' }
const bob: Caller = { agentId: 'bob' }

/** How many rows a table has, expired or not. */
function rows(
  connection: ReturnType<typeof clockedStore>['connection'],
  table: 'memory_entries' | 'memory_acl',
): number {
  const [[count] = [0]] =
    table === 'memory_acl'
      ? connection.all<[number]>('SELECT count(*) FROM memory_acl')
      : connection.all<[number]>('SELECT count(*) FROM memory_entries')
  return count
}

test('an entry exists until its last millisecond, for all operations', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  const k = { key: 'k' }
  memory.as(ann).set({ ...k, value: 1, accessLevel: 'public', ttlMs: 10_000 })
  memory.as(ann).grant({ ...k, agentId: 'bob', permissions: ['delete'] })
  clock.now += 9_999
  expect(memory.as(bob).get(k)?.value).toBe(1)
  clock.now += 1
  expect(memory.as(ann).get(k)).toBeUndefined()
  expect(memory.as(ann).list()).toEqual([])
  expect(memory.as(ann).delete(k)).toBe(false)
  expect(memory.as(ann).grant({ ...k, agentId: 'bob', permissions: ['read'] })).toBe(false)
  expect(memory.as(ann).block({ ...k, agentId: 'bob' })).toBe(false)
  expect(memory.as(ann).getAccess(k)).toBeUndefined()
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([1, 1])
  expect(memory.prune().entries).toBe(1)
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([0, 0])
})

test('a new entry under an expired key inherits nothing and reveals nothing', () => {
  const { store, clock } = clockedStore()
  const { memory } = store
  const k = { key: 'a:b', partition: 'c\\:d' }
  memory.as(ann).set({ ...k, value: 1, ttlMs: 1_000 })
  memory.as(ann).grant({ ...k, agentId: 'eve', permissions: ['read', 'write'] })
  clock.now += 1000
  memory.as(bob).set({ ...k, value: 'mine' })
  expect(memory.as(bob).getAccess(k)).toEqual({ granted: {}, blocked: [] })
  expect(memory.as(bob).get(k)).toMatchObject({ owner: 'bob', accessLevel: 'private', createdAt: isoTime(clock.now) })
  for (const agentId of ['eve', 'ann']) {
    expect(() => memory.as({ agentId }).get(k)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }))
  }
})

test('pruning deletes only the grants of expired entries, for any partitions and keys', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  const names = ['a', ':', '\\', 'a:', '\\:', 'a\\', '*']
  for (const [i, partition] of names.entries()) {
    for (const [j, key] of names.entries()) {
      memory.as(ann).set({ key, partition, value: 1, ttlMs: 1000 * ((i + j) % 2) })
      memory.as(ann).grant({ key, partition, agentId: 'bob', permissions: ['read'] })
    }
  }
  clock.now += 1000
  expect(memory.prune().entries).toBe(24)
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([25, 25])
  expect(memory.as(bob).list()).toHaveLength(25)
})

test('setting an entry again restarts its lifetime, and a new level updates its grants', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  memory.as(ann).set({ key: 'k', value: 1, ttlMs: 10_000 })
  memory.as(ann).block({ key: 'k', agentId: 'bob' })
  clock.now += 9_000
  memory.as(ann).set({ key: 'k', value: 2, ttlMs: 10_000, accessLevel: 'team', teamId: 'red' })
  clock.now += 9_000
  expect(memory.as(ann).get({ key: 'k' })?.value).toBe(2)
  expect(connection.get('SELECT owner, access_level, team_id, blocked_agents FROM memory_acl')).toEqual([
    'ann',
    'team',
    'red',
    '["bob"]',
  ])
})

test('values between sessions, hints and patterns expire by the clock, and never early', () => {
  const { store, clock } = clockedStore()
  const { memory } = store
  clock.now += 999
  memory.crossSession.set({ key: 'k', value: 1, ttlMs: 10_000 })
  memory.hints.create({ key: 'k', value: 1, expiresAt: isoTime(clock.now + 10_000) })
  memory.patterns.create({ pattern: 'p', confidence: 1, ttlMs: 10_000 })
  const there = (): unknown[] => [
    memory.crossSession.get('k')?.value,
    memory.crossSession.list().length,
    memory.hints.list().length,
    memory.patterns.list().length,
  ]
  clock.now += 9_999
  expect(there()).toEqual([1, 1, 1, 1])
  clock.now += 1
  expect(there()).toEqual([undefined, 0, 0, 0])
  // What is unique is free again.
  memory.patterns.create({ pattern: 'p', confidence: 0.5 })
  expect(memory.prune()).toMatchObject({ crossSession: 1, hints: 1, patterns: 0 })
})

test('any grants, revocations and blocks agree with a simple model', () => {
  const agents = ['ann', 'bob', 'eve', '__proto__', 'constructor']
  const agentId = fc.constantFrom(...agents)
  const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1 })
  const level = fc.constantFrom('private', 'team', 'swarm', 'public', 'system')
  const operation = fc.record({
    operation: fc.constantFrom('grant', 'revoke', 'block', 'unblock'),
    caller: agentId,
    agentId,
    permissions,
  })
  const { store } = clockedStore()
  fc.assert(
    fc.property(level, fc.array(operation, { maxLength: 20 }), (accessLevel, operations) => {
      const who = (id: string): Caller => ({ agentId: id, teamId: 'T', swarmId: id === 'eve' ? 'S' : 'other' })
      store.memory.as(who('ann')).set({ key: 'k', value: 0, accessLevel, teamId: 'T', swarmId: 'S' })
      const granted = new Set<string>()
      const blocked = new Set<string>()
      const byLevel: { readonly [level: string]: string } = { team: 'read write share', public: 'read share' }
      const may = (id: string, permission: Permission): boolean => {
        if (id === 'ann' || granted.has(`${id} ${permission}`)) return true
        if (blocked.has(id)) return false
        const all = accessLevel === 'swarm' && id === 'eve' ? 'read write share' : (byLevel[accessLevel] ?? '')
        return all.includes(permission)
      }
      for (const { operation, caller, agentId, permissions } of operations) {
        const allowed =
          caller === 'ann' ||
          (operation === 'grant' &&
            ['share' as const, ...permissions].every((one) => may(caller, one)) &&
            !blocked.has(agentId))
        const given = { key: 'k', agentId }
        const told = operation === 'grant' || operation === 'revoke' ? { ...given, permissions } : given
        const isOwnBlock = operation === 'block' && agentId === 'ann'
        const run = (): boolean =>
          store.memory.as(who(caller))[operation](told as typeof given & { permissions: Permission[] })
        if (!allowed) expect(run).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }))
        else if (isOwnBlock) expect(run).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
        else {
          expect(run()).toBe(true)
          if (operation === 'grant') for (const one of permissions) granted.add(`${agentId} ${one}`)
          if (operation === 'revoke') for (const one of permissions) granted.delete(`${agentId} ${one}`)
          if (operation === 'block') blocked.add(agentId)
          if (operation === 'unblock') blocked.delete(agentId)
        }
      }
      const found = store.memory.as(who('ann')).getAccess({ key: 'k' }) ?? { granted: {}, blocked: [] }
      const guard = { ...found, owner: 'ann', accessLevel, teamId: 'T', swarmId: 'S' }
      for (const id of agents) {
        for (const permission of PERMISSIONS) expect(mayAccess(who(id), permission, guard)).toBe(may(id, permission))
        expect(store.memory.as(who(id)).list()).toHaveLength(may(id, 'read') ? 1 : 0)
      }
      store.memory.as(who('ann')).delete({ key: 'k' })
    }),
    { numRuns: 300 },
  )
})
