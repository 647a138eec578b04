import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Asker, mayAccess, PERMISSIONS, type Permission } from '../../../src/algorithms/access.ts'
import { clockedStore } from '../clocked-store.ts'

const ann: Asker = { agentId: 'ann' }
const bob: Asker = { agentId: 'bob' }

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

test('an entry is there until its last millisecond, and then for no act', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  const k = { key: 'k' }
  memory.set(ann, { ...k, value: 1, accessLevel: 'public', ttl: 10 })
  memory.grant(ann, { ...k, agentId: 'bob', permissions: ['delete'] })
  clock.now += 9_999
  expect(memory.get(bob, k)?.value).toBe(1)
  clock.now += 1
  expect(memory.get(ann, k)).toBeUndefined()
  expect(memory.list(ann)).toEqual([])
  expect(memory.remove(ann, k)).toBe(false)
  expect(memory.grant(ann, { ...k, agentId: 'bob', permissions: ['read'] })).toBe(false)
  expect(memory.block(ann, { ...k, agentId: 'bob' })).toBe(false)
  expect(memory.access(ann, k)).toBeUndefined()
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([1, 1])
  expect(memory.cleanup().entries).toBe(1)
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([0, 0])
})

test('who takes the key of an expired entry inherits nothing of it, and gives nothing away', () => {
  const { store, clock } = clockedStore()
  const { memory } = store
  const k = { key: 'a:b', partition: 'c\\:d' }
  memory.set(ann, { ...k, value: 1, ttl: 1 })
  memory.grant(ann, { ...k, agentId: 'eve', permissions: ['read', 'write'] })
  clock.now += 1000
  memory.set(bob, { ...k, value: 'mine' })
  expect(memory.access(bob, k)).toEqual({ granted: {}, blocked: [] })
  expect(memory.get(bob, k)).toMatchObject({ owner: 'bob', accessLevel: 'private', createdAt: clock.now })
  for (const agentId of ['eve', 'ann']) {
    expect(() => memory.get({ agentId }, k)).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }))
  }
})

test('cleaning up removes the grants of what expired only, whatever partitions and keys are made of', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  const names = ['a', ':', '\\', 'a:', '\\:', 'a\\', '*']
  for (const [i, partition] of names.entries()) {
    for (const [j, key] of names.entries()) {
      memory.set(ann, { key, partition, value: 1, ttl: (i + j) % 2 })
      memory.grant(ann, { key, partition, agentId: 'bob', permissions: ['read'] })
    }
  }
  clock.now += 1000
  expect(memory.cleanup().entries).toBe(24)
  expect([rows(connection, 'memory_entries'), rows(connection, 'memory_acl')]).toEqual([25, 25])
  expect(memory.list(bob)).toHaveLength(25)
})

test('setting an entry again begins its lifetime anew, and a new level reaches what was granted', () => {
  const { store, clock, connection } = clockedStore()
  const { memory } = store
  memory.set(ann, { key: 'k', value: 1, ttl: 10 })
  memory.block(ann, { key: 'k', agentId: 'bob' })
  clock.now += 9_000
  memory.set(ann, { key: 'k', value: 2, ttl: 10, accessLevel: 'team', teamId: 'red' })
  clock.now += 9_000
  expect(memory.get(ann, { key: 'k' })?.value).toBe(2)
  expect(connection.get('SELECT owner, access_level, team_id, blocked_agents FROM memory_acl')).toEqual([
    ...['ann', 'team', 'red', '["bob"]'],
  ])
})

test('what is kept between sessions, hints and patterns end by the clock, and never early', () => {
  const { store, clock } = clockedStore()
  const { memory } = store
  clock.now += 999
  memory.crossSession.set({ key: 'k', value: 1, ttl: 10 })
  memory.hints.create({ key: 'k', value: 1, expiresAt: clock.now + 10_000 })
  memory.patterns.create({ pattern: 'p', confidence: 1, ttl: 10 })
  const there = (): unknown[] => [
    ...[memory.crossSession.get('k')?.value, memory.crossSession.list().length],
    ...[memory.hints.list().length, memory.patterns.list().length],
  ]
  clock.now += 9_999
  expect(there()).toEqual([1, 1, 1, 1])
  // The table has whole seconds, so the first may live up to one longer.
  clock.now += 1001
  expect(there()).toEqual([undefined, 0, 0, 0])
  // What is unique is free again.
  memory.patterns.create({ pattern: 'p', confidence: 0.5 })
  expect(memory.cleanup()).toMatchObject({ crossSession: 1, hints: 1, patterns: 0 })
})

test('any grants, revocations and blocks come to what a plain model says', () => {
  const agents = ['ann', 'bob', 'eve', '__proto__', 'constructor']
  const agentId = fc.constantFrom(...agents)
  const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1 })
  const level = fc.constantFrom('private', 'team', 'swarm', 'public', 'system')
  const act = fc.record({
    act: fc.constantFrom('grant', 'revoke', 'block', 'unblock'),
    ...{ asker: agentId, agentId, permissions },
  })
  const { store } = clockedStore()
  fc.assert(
    fc.property(level, fc.array(act, { maxLength: 20 }), (accessLevel, acts) => {
      const who = (id: string): Asker => ({ agentId: id, teamId: 'T', swarmId: id === 'eve' ? 'S' : 'other' })
      store.memory.set(who('ann'), { key: 'k', value: 0, accessLevel, teamId: 'T', swarmId: 'S' })
      const granted = new Set<string>()
      const blocked = new Set<string>()
      const byLevel: { readonly [level: string]: string } = { team: 'read write share', public: 'read share' }
      const may = (id: string, permission: Permission): boolean => {
        if (id === 'ann' || granted.has(`${id} ${permission}`)) return true
        if (blocked.has(id)) return false
        const all = accessLevel === 'swarm' && id === 'eve' ? 'read write share' : (byLevel[accessLevel] ?? '')
        return all.includes(permission)
      }
      for (const { act, asker, agentId, permissions } of acts) {
        const allowed =
          asker === 'ann' ||
          (act === 'grant' &&
            ['share' as const, ...permissions].every((one) => may(asker, one)) &&
            !blocked.has(agentId))
        const given = { key: 'k', agentId }
        const told = act === 'grant' || act === 'revoke' ? { ...given, permissions } : given
        const isOwnBlock = act === 'block' && agentId === 'ann'
        const run = (): boolean => store.memory[act](who(asker), told as typeof given & { permissions: Permission[] })
        if (!allowed) expect(run).toThrow(expect.objectContaining({ code: 'ACCESS_DENIED' }))
        else if (isOwnBlock) expect(run).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
        else {
          expect(run()).toBe(true)
          if (act === 'grant') for (const one of permissions) granted.add(`${agentId} ${one}`)
          if (act === 'revoke') for (const one of permissions) granted.delete(`${agentId} ${one}`)
          if (act === 'block') blocked.add(agentId)
          if (act === 'unblock') blocked.delete(agentId)
        }
      }
      const found = store.memory.access(who('ann'), { key: 'k' }) ?? { granted: {}, blocked: [] }
      const guard = { ...found, owner: 'ann', accessLevel, teamId: 'T', swarmId: 'S' }
      for (const id of agents) {
        for (const permission of PERMISSIONS) expect(mayAccess(who(id), permission, guard)).toBe(may(id, permission))
        expect(store.memory.list(who(id))).toHaveLength(may(id, 'read') ? 1 : 0)
      }
      store.memory.remove(who('ann'), { key: 'k' })
    }),
    { numRuns: 300 },
  )
})
