import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  AccessLevel,
  AsyncStore,
  Caller,
  ListMemoryOptions,
  MemoryAddress,
  Permission,
} from '../../../src/entry/node.ts'

const past = '1970-01-01T00:00:00.001Z'
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** In ms. */
function lifetimeOf(entry: { readonly createdAt: string; readonly expiresAt: string | null } | undefined): number {
  return Date.parse(entry?.expiresAt ?? '') - Date.parse(entry?.createdAt ?? '')
}

/** What every client of a store promises of the memory that agents share. @param open opens an empty store. */
export function memoryContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`shared memory, ${name}`, () => {
    let store: AsyncStore
    let memory: AsyncStore['memory']
    const ann: Caller = { agentId: 'ann', teamId: 'red', swarmId: 'north' }
    const mate: Caller = { agentId: 'mate', teamId: 'red' }
    const bee: Caller = { agentId: 'bee', swarmId: 'north' }
    const stranger: Caller = { agentId: 'stranger' }
    const kernel: Caller = { agentId: 'kernel', isSystem: true }
    const plan = { key: 'plan' }
    const secret = 'the secret value'
    const denied = expect.objectContaining({ name: 'StoreError', code: 'ACCESS_DENIED' })
    const invalid = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
      memory = store.memory
    })
    afterEach(() => store.close())

    const keep = (accessLevel: AccessLevel): Promise<void> =>
      memory.as(ann).set({ ...plan, value: secret, accessLevel })
    const keys = async (caller: Caller): Promise<string[]> => (await memory.as(caller).list()).map(({ key }) => key)

    describe('an entry', () => {
      test('is returned as it was set, with its owner', async () => {
        const value = { b: [1, 'x', null], a: -0.5 }
        await memory.as(ann).set({ ...plan, value, metadata: { by: 'hand' }, ttlMs: 60_000 })
        const entry = await memory.as(ann).get(plan)
        expect(entry).toEqual({
          key: 'plan',
          partition: 'default',
          value,
          metadata: { by: 'hand' },
          owner: 'ann',
          teamId: null,
          accessLevel: 'private',
          swarmId: null,
          embedder: null,
          dimension: null,
          createdAt: time,
          expiresAt: time,
        })
        expect(lifetimeOf(entry)).toBe(60_000)
        expect(await memory.as(ann).get({ key: 'other' })).toBeUndefined()
        expect(await memory.as(ann).get({ ...plan, partition: 'other' })).toBeUndefined()
      })

      test('that is set again keeps its owner, level and creation time, and replaces the rest', async () => {
        await memory.as(ann).set({ ...plan, value: 1, metadata: 'm', ttlMs: 60_000, accessLevel: 'team' })
        const first = await memory.as(ann).get(plan)
        await memory.as(mate).set({ ...plan, value: 2 })
        expect(await memory.as(ann).get(plan)).toEqual({ ...first, value: 2, metadata: null, expiresAt: null })
        expect(first).toMatchObject({ accessLevel: 'team', teamId: 'red', owner: 'ann' })
      })

      test('never expires by default, and after half an hour in the partition shared', async () => {
        await memory.as(ann).set({ key: 'k', partition: 'shared', value: 1 })
        await memory.as(ann).set({ key: 'k', partition: 'constructor', value: 1 })
        const shared = await memory.as(ann).get({ key: 'k', partition: 'shared' })
        expect(lifetimeOf(shared)).toBe(1_800_000)
        expect((await memory.as(ann).get({ key: 'k', partition: 'constructor' }))?.expiresAt).toBe(null)
      })

      test('that has expired does not exist, and its key is free for another owner', async () => {
        await memory.as(ann).set({ ...plan, value: secret, expiresAt: past })
        await memory.as(ann).set({ key: 'kept', value: 1 })
        expect(await memory.as(ann).get(plan)).toBeUndefined()
        expect(await keys(ann)).toEqual(['kept'])
        expect(await memory.as(ann).delete(plan)).toBe(false)
        await memory.as(stranger).set({ ...plan, value: 2 })
        expect((await memory.as(stranger).get(plan))?.owner).toBe('stranger')
        await expect(memory.as(ann).get(plan)).rejects.toEqual(denied)
      })
    })

    describe('a caller', () => {
      const callers: { readonly [name: string]: Caller } = { ann, mate, bee, stranger, kernel }
      const operations: { readonly [P in Permission]: (caller: Caller) => Promise<unknown> } = {
        read: (caller) => memory.as(caller).get(plan),
        write: (caller) => memory.as(caller).set({ ...plan, value: 'written' }),
        delete: (caller) => memory.as(caller).delete(plan),
        share: (caller) => memory.as(caller).grant({ ...plan, agentId: 'friend', permissions: ['share'] }),
      }
      const members = 'read write share'
      test.each<[AccessLevel, { readonly [name: string]: string }]>([
        ['private', { mate: '', bee: '', stranger: '', kernel: '' }],
        ['team', { mate: members, bee: '', stranger: '', kernel: '' }],
        ['swarm', { mate: '', bee: members, stranger: '', kernel: '' }],
        ['public', { mate: 'read share', bee: 'read share', stranger: 'read share', kernel: 'read share' }],
        ['system', { mate: '', bee: '', stranger: '', kernel: `${members} delete` }],
      ])('may do at level %s what the rules say, and nothing is told otherwise', async (level, allowed) => {
        for (const [who, permissions] of Object.entries({ ...allowed, ann: `${members} delete` })) {
          for (const [permission, operation] of Object.entries(operations)) {
            await keep(level)
            const caller = callers[who] ?? ann
            if (permissions.split(' ').includes(permission)) await operation(caller)
            else {
              const error = await operation(caller).catch((reason: unknown) => reason)
              expect(error, `${who} ${permission}`).toEqual(denied)
              expect(String(error)).not.toContain(secret)
              expect(String(error)).not.toContain('ann')
              expect((await memory.as(ann).get(plan))?.value).toBe(secret)
            }
            await memory.as(ann).delete(plan)
          }
          await keep(level)
          expect(await keys(callers[who] ?? ann)).toEqual(permissions.includes('read') ? ['plan'] : [])
        }
      })

      test('is denied with the same message whatever the reason', async () => {
        const messages = new Set<string>()
        for (const level of ['private', 'team', 'swarm', 'system'] as const) {
          await keep(level)
          for (const isBlocked of [false, true]) {
            await memory.as(ann)[isBlocked ? 'block' : 'unblock']({ ...plan, agentId: 'stranger' })
            messages.add(
              await memory
                .as(stranger)
                .get(plan)
                .then(String, (error: Error) => error.message),
            )
          }
        }
        expect([...messages]).toEqual(['Expected an agent that may read "plan" in partition "default", got "stranger"'])
      })
    })

    describe('grants and blocks', () => {
      test('a grant overrides a block, and a block overrides the level', async () => {
        await keep('public')
        await memory.as(ann).block({ ...plan, agentId: 'stranger' })
        await expect(memory.as(stranger).get(plan)).rejects.toEqual(denied)
        await memory.as(ann).grant({ ...plan, agentId: 'stranger', permissions: ['read'] })
        expect((await memory.as(stranger).get(plan))?.value).toBe(secret)
        expect(await memory.as(ann).getAccess(plan)).toEqual({ granted: { stranger: ['read'] }, blocked: ['stranger'] })
        await memory.as(ann).revoke({ ...plan, agentId: 'stranger' })
        await expect(memory.as(stranger).get(plan)).rejects.toEqual(denied)
        await memory.as(ann).unblock({ ...plan, agentId: 'stranger' })
        expect((await memory.as(stranger).get(plan))?.value).toBe(secret)
        expect(await memory.as(ann).getAccess(plan)).toEqual({ granted: {}, blocked: [] })
      })

      test('a caller with share grants only its own permissions, and nothing to blocked agents', async () => {
        await keep('public')
        const give = (agentId: string, ...permissions: Permission[]): Promise<boolean> =>
          memory.as(stranger).grant({ ...plan, agentId, permissions })
        expect(await give('friend', 'read')).toBe(true)
        for (const more of ['write', 'delete'] as const)
          await expect(give('friend', 'read', more)).rejects.toEqual(denied)
        await memory.as(ann).block({ ...plan, agentId: 'friend' })
        await expect(give('friend', 'share')).rejects.toEqual(denied)
        expect(await memory.as(ann).getAccess(plan)).toEqual({ granted: { friend: ['read'] }, blocked: ['friend'] })
      })

      test('only the owner manages access to an entry', async () => {
        await keep('team')
        const given = { ...plan, agentId: 'bee' }
        for (const operation of ['revoke', 'block', 'unblock'] as const) {
          await expect(memory.as(mate)[operation](given)).rejects.toEqual(denied)
        }
        await expect(memory.as(mate).getAccess(plan)).rejects.toEqual(denied)
        await expect(memory.as(mate).set({ ...plan, value: 1, accessLevel: 'public' })).rejects.toEqual(denied)
        await expect(memory.as(ann).block({ ...plan, agentId: 'ann' })).rejects.toEqual(invalid('than the owner'))
        expect((await memory.as(ann).get(plan))?.accessLevel).toBe('team')
      })

      test('are of one entry, and end with it', async () => {
        const other: MemoryAddress = { key: 'b:plan', partition: 'a' }
        await memory.as(ann).set({ key: 'plan', partition: 'a:b', value: 1 })
        await memory.as(ann).set({ ...other, value: 2 })
        await memory.as(ann).grant({ key: 'plan', partition: 'a:b', agentId: 'bee', permissions: ['read', 'delete'] })
        expect((await memory.as(bee).list()).map(({ value }) => value)).toEqual([1])
        await expect(memory.as(bee).get(other)).rejects.toEqual(denied)
        expect(await memory.as(bee).delete({ key: 'plan', partition: 'a:b' })).toBe(true)
        await memory.as(ann).set({ key: 'plan', partition: 'a:b', value: 3 })
        expect(await memory.as(bee).list()).toEqual([])
      })

      test('of a missing entry return false', async () => {
        const given = { ...plan, agentId: 'bee' }
        expect(await memory.as(ann).grant({ ...given, permissions: ['read'] })).toBe(false)
        for (const operation of ['revoke', 'block', 'unblock'] as const)
          expect(await memory.as(ann)[operation](given)).toBe(false)
        expect(await memory.as(ann).getAccess(plan)).toBeUndefined()
      })
    })

    test('a list has pages and filters, and counts only readable entries', async () => {
      for (let i = 0; i < 6; i++) {
        const accessLevel = i % 2 === 0 ? 'public' : 'private'
        await memory.as(ann).set({ key: `agent:${i}:config`, partition: `p${i % 3}`, value: i, accessLevel })
      }
      await memory.as(stranger).set({ key: 'agent:x', value: 'x', accessLevel: 'team', teamId: 'red' })
      const found = async (caller: Caller, options: ListMemoryOptions, pattern = '*'): Promise<unknown[]> => {
        const matching = await memory.as(caller).list({ ...options, keys: pattern })
        return matching.map(({ value }) => value)
      }
      expect(await found(ann, {})).toEqual(['x', 0, 3, 1, 4, 2, 5])
      expect(await found(stranger, {}, 'agent:*:config')).toEqual([0, 4, 2])
      expect(await found(stranger, { limit: 2, offset: 1 }, 'agent:*')).toEqual([0, 4])
      expect(await found(ann, { partition: 'p2' })).toEqual([2, 5])
      expect(await found(ann, { owner: 'stranger' })).toEqual(['x'])
      expect(await found(ann, { accessLevel: 'private' }, '*1*')).toEqual([1])
      expect(await found(mate, { teamId: 'red' })).toEqual(['x'])
      expect(await found(ann, { swarmId: 'north' })).toEqual([])
    })

    const refusals: readonly (readonly [
      what: string,
      operation: (m: typeof memory) => Promise<unknown>,
      message: string,
    ])[] = [
      ['nobody', (m) => m.as({} as Caller).get(plan), 'agentId to be a non-empty string'],
      ['a misspelled caller', (m) => m.as({ agent: 'a' } as never).get(plan), 'got agent'],
      ['no value', (m) => m.as(ann).set(plan as never), 'Expected value to hold plain data'],
      ['an unknown field', (m) => m.as(ann).set({ ...plan, value: 1, level: 'x' } as never), 'got level'],
      ['an unknown level', (m) => m.as(ann).set({ ...plan, value: 1, accessLevel: 'open' as 'team' }), 'accessLevel'],
      ['a team without name', (m) => m.as(bee).set({ ...plan, value: 1, accessLevel: 'team' }), 'teamId'],
      ['a swarm without name', (m) => m.as(mate).set({ ...plan, value: 1, accessLevel: 'swarm' }), 'swarmId'],
      [
        'two lifetimes',
        (m) => m.as(ann).set({ ...plan, value: 1, ttlMs: 1000, expiresAt: past }),
        'ttlMs to be left out',
      ],
      ['half a millisecond', (m) => m.as(ann).set({ ...plan, value: 1, ttlMs: 0.5 }), 'ttlMs to be an integer'],
      ['a time in ms', (m) => m.as(ann).set({ ...plan, value: 1, expiresAt: 1 as never }), 'expiresAt to be a time'],
      [
        'a time of SQL',
        (m) => m.hints.create({ key: 'k', value: 1, expiresAt: '2026-01-31 12:00:00' }),
        'to be a time',
      ],
      [
        'an unknown permission',
        (m) => m.as(ann).grant({ ...plan, agentId: 'a', permissions: ['own' as 'read'] }),
        'own',
      ],
      ['no permission', (m) => m.as(ann).grant({ ...plan, agentId: 'a', permissions: [] }), 'at least one'],
      ['an unknown filter', (m) => m.as(ann).list({ prefix: 'a' } as never), 'got prefix'],
    ]
    test('invalid arguments are rejected, and change nothing', async () => {
      const { sequence } = await store.status()
      for (const [what, operation, message] of refusals) {
        await expect(operation(memory), what).rejects.toEqual(invalid(message))
      }
      expect((await store.status()).sequence).toBe(sequence)
    })

    test('a denied call fails alone', async () => {
      await keep('private')
      const results = await Promise.allSettled([
        memory.as(ann).set({ key: 'one', value: 1 }),
        memory.as(stranger).set({ ...plan, value: 'taken' }),
        memory.as(ann).set({ key: 'two', value: 2 }),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await keys(ann)).toEqual(['one', 'plan', 'two'])
    })

    test('hints, patterns and metrics of the swarm, and values between sessions', async () => {
      const old = await memory.hints.create({ key: 'build', value: 'slow', expiresAt: past })
      const hint = await memory.hints.create({ key: 'build', value: { use: 'cache' } })
      await memory.hints.create({ key: 'test', value: 1 })
      expect((await memory.hints.list({ key: 'build' })).map(({ id }) => id)).toEqual([hint])
      expect([old, hint, await memory.hints.get(old)]).toEqual([1, 2, undefined])

      const pattern = await memory.patterns.create({ pattern: 'retry', confidence: 0.4 })
      await memory.patterns.create({ pattern: 'cache', confidence: 0.9 })
      await expect(memory.patterns.create({ pattern: 'retry', confidence: 1 })).rejects.toEqual(invalid('a new one'))
      await expect(memory.patterns.update(pattern, { confidence: 2 })).rejects.toEqual(invalid('confidence'))
      expect(await memory.patterns.update(pattern, { usageCount: 3 })).toBe(true)
      const [best, second] = await memory.patterns.list()
      expect([best?.pattern, second?.usageCount, second?.ttlMs]).toEqual(['cache', 3, 604_800_000])
      expect(lifetimeOf(second)).toBe(604_800_000)

      const metric = await memory.metrics.create({ metric: 'latency', value: 1.5, unit: 'ms', agentId: 'ann' })
      expect(await memory.metrics.get(metric)).toMatchObject({ metric: 'latency', value: 1.5, unit: 'ms' })

      await memory.crossSession.set({ key: 'k', value: [1], ttlMs: 60_000 })
      await memory.crossSession.set({ key: 'k', namespace: 'n', value: 2, metadata: 'm' })
      expect(await memory.crossSession.get('k')).toMatchObject({ namespace: 'default', value: [1], ttlMs: 60_000 })
      expect(await memory.crossSession.list({ namespace: 'n' })).toMatchObject([{ value: 2, metadata: 'm', ttlMs: 0 }])
      expect([await memory.crossSession.delete('k'), await memory.crossSession.delete('k')]).toEqual([true, false])
    })

    test('pruning deletes expired records and nothing else', async () => {
      await memory.as(ann).set({ ...plan, value: 1, expiresAt: past })
      await memory.as(ann).set({ key: 'kept', value: 1 })
      await memory.hints.create({ key: 'h', value: 1, expiresAt: past })
      const none = { crossSession: 0, patterns: 0, events: 0, artifacts: 0, workflows: 0, proposals: 0 }
      expect(await memory.prune()).toEqual({ ...none, entries: 1, hints: 1 })
      expect(await memory.prune()).toEqual({ ...none, entries: 0, hints: 0 })
      expect(await keys(ann)).toEqual(['kept'])
    })

    test('subscribers and live queries are notified of its changes', async () => {
      const heard: string[] = []
      const counts: number[] = []
      using _ = store.subscribe(({ collections }) => heard.push(...collections), { collections: ['memory'] })
      using __ = store.live(
        async (queries) =>
          (await queries.memory.as(stranger).list()).length + (await queries.memory.hints.list()).length,
        (count) => counts.push(count),
      )
      await expect.poll(() => counts).toEqual([0])
      await keep('public')
      await expect.poll(() => counts.at(-1)).toBe(1)
      await memory.hints.create({ key: 'h', value: 1 })
      await expect.poll(() => counts.at(-1)).toBe(2)
      expect(heard).toEqual(['memory', 'memory'])
    })
  })
}
