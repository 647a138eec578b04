import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore } from '../../../src/entry/node.ts'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** What every client of a store promises of decisions whose rewards come later. @param open opens an empty store with seed 7 */
export function decisionsContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`decisions, ${name}`, () => {
    const actions = ['small', 'large']
    let store: AsyncStore
    let agent: AsyncAgent
    const refused = (code: string, message: string): unknown =>
      expect.objectContaining({ name: 'StoreError', code, message: expect.stringContaining(message) })

    beforeEach(async () => {
      store = await open()
      agent = await store.agent('router', { explorationRate: 0.2 })
    })
    afterEach(() => store.close())

    test('are recorded with what was offered, the choice and its probability', async () => {
      const metadata = { trace: 't1', usage: { tokens: 12 } }
      const task = { taskId: 'task', taskType: 'chat', episodeId: 'episode' }
      const decided = await agent.decide({ load: 'high' }, { actions, metadata, ...task })
      expect(decided).toEqual({
        id: expect.any(String),
        action: expect.any(String),
        probability: 0.5,
        decidedAt: expect.stringMatching(ISO),
        expiresAt: null,
      })
      expect(actions).toContain(decided.action)
      expect(await agent.decisions.get(decided.id)).toEqual({
        ...decided,
        ...task,
        agentId: 'router',
        state: { load: 'high' },
        actions,
        metadata,
        status: 'open',
        reward: null,
        rewardedAt: null,
        isDefaultReward: false,
      })
      expect(await store.experiences.count()).toBe(0)
    })

    test('choose as selectAction does', async () => {
      await agent.learn({ state: 's', action: 'large', reward: 1, terminated: true })
      expect(await agent.decide('s', { greedy: true })).toMatchObject({ action: 'large', probability: 1 })
      await expect(agent.decide('new')).rejects.toEqual(refused('INVALID_ARGUMENT', 'no action was seen'))
      const linear = await store.agent('linear', { algorithm: 'linear' })
      expect(await linear.decide('a text', { actions })).toMatchObject({ probability: 0.5 })
    })

    test('become an experience with their reward, once', async () => {
      const { id, action, probability } = await agent.decide('s', { actions, metadata: { a: 1, b: 1 } })
      const first = await agent.reward(id, 1, { metadata: { b: 2 } })
      expect(first).toEqual({ id, learned: true, value: 0.1, error: 1, explorationRate: 0.2 * 0.995 })
      expect(await agent.reward(id, 1)).toEqual(first)
      const stored = await agent.experiences.list()
      expect(stored).toMatchObject([
        {
          id,
          state: 's',
          action,
          actions,
          behaviorProbability: probability,
          reward: 1,
          nextState: null,
          terminated: true,
          taskType: 'agent',
          metadata: { a: 1, b: 2 },
        },
      ])
      expect(await agent.values.get('s')).toEqual([{ action, value: 0.1, visits: 1 }])
      expect(await agent.decisions.get(id)).toMatchObject({
        status: 'rewarded',
        reward: 1,
        rewardedAt: stored[0]?.timestamp,
        metadata: { a: 1, b: 1 },
      })
    })

    test('go on with the next state, and learn from several steps', async () => {
      const first = await agent.decide('door', { actions: ['enter'], episodeId: 'e' })
      const second = await agent.decide('hall', { actions: ['rest'], episodeId: 'e' })
      await agent.reward(second.id, 1)
      const { value } = await agent.reward(first.id, 0, { nextState: 'hall', nextActions: ['rest', 'leave'] })
      expect(value).toBeCloseTo(0.1 * 0.95 * 0.1, 14)
      expect(await agent.experiences.get(first.id)).toMatchObject({
        terminated: false,
        nextState: 'hall',
        nextActions: ['rest', 'leave'],
        episodeId: 'e',
      })
      const sarsa = await store.agent('sarsa', { algorithm: 'sarsa' })
      const { id } = await sarsa.decide('s', { actions })
      const waiting = await sarsa.reward(id, 1, { nextState: 't' })
      expect(waiting).toEqual({ id, learned: true, value: undefined, error: undefined, explorationRate: 0.3 })
      expect(await sarsa.reward(id, 1, { nextState: 't' })).toEqual(waiting)
    })

    test('refuse another reward, and change nothing', async () => {
      const { id } = await agent.decide('s', { actions })
      await agent.reward(id, 1)
      const { sequence } = await store.status()
      await expect(agent.reward(id, 0)).rejects.toEqual(refused('ALREADY_REWARDED', 'already has the reward 1'))
      await expect(agent.reward(id, 1, { nextState: 't' })).rejects.toEqual(
        refused('ALREADY_REWARDED', 'the same reward with another nextState'),
      )
      await expect(agent.reward('unknown', 1)).rejects.toEqual(
        refused('NOT_FOUND', 'no decision with the id "unknown"'),
      )
      const other = await store.agent('other')
      const before = (await store.status()).sequence
      await expect(other.reward(id, 1)).rejects.toEqual(refused('NOT_FOUND', 'Agent "other" has no decision'))
      for (const reward of [Number.NaN, '1' as unknown as number, undefined as unknown as number]) {
        await expect(agent.reward(id, reward)).rejects.toEqual(refused('INVALID_ARGUMENT', 'reward'))
      }
      await expect(agent.reward(id, 1, { next: 's' } as object)).rejects.toEqual(
        refused('INVALID_ARGUMENT', 'got next'),
      )
      expect((await store.status()).sequence).toBe(before)
      expect(before).toBe(sequence + 1)
    })

    test('with the same id are one decision', async () => {
      const first = await agent.decide('s', { actions, id: 'request' })
      expect(await agent.decide('s', { actions, id: 'request' })).toEqual(first)
      expect(await agent.decide('s', { id: 'request' })).toEqual(first)
      await expect(agent.decide('t', { actions, id: 'request' })).rejects.toEqual(
        refused('INVALID_ARGUMENT', 'the first decision with the id "request"'),
      )
      await agent.reward('request', 1)
      expect(await agent.decide('s', { actions, id: 'request' })).toEqual(first)
      await agent.experiences.add({ id: 'taken', state: 's', action: 'small', reward: 0, terminated: true })
      await expect(agent.decide('s', { actions, id: 'taken' })).rejects.toEqual(
        refused('INVALID_ARGUMENT', 'the id of an experience'),
      )
      expect(await agent.decisions.count()).toBe(1)
    })

    test('refuse what no experience could be, and record nothing', async () => {
      const bad: readonly [Parameters<AsyncAgent['decide']>, string][] = [
        [[new Date() as never, { actions }], 'Date'],
        [['s', { actions: [] }], 'at least one action'],
        [['s', { actions: ['a', 'a'] }], 'different'],
        [['s', { actions, id: '' }], 'id'],
        [['s', { actions, metadata: [] as never }], 'metadata to be an object'],
        [
          ['s', { actions, metadata: { text: 'é'.repeat(8192) } }],
          'metadata of at most 16384 bytes of JSON, got 16395',
        ],
        [['s', { actions, reward: 1 } as object], 'got reward'],
      ]
      for (const [args, message] of bad) {
        await expect(agent.decide(...args)).rejects.toEqual(
          refused(message.startsWith('metadata of at most') ? 'TOO_LARGE' : 'INVALID_ARGUMENT', message),
        )
      }
      expect(await agent.decisions.count()).toBe(0)
      const kept = await agent.decide('s', { actions, metadata: { text: 'x'.repeat(16_000) } })
      const more = { metadata: { more: 'x'.repeat(1_000) } }
      await expect(agent.reward(kept.id, 1, more)).rejects.toEqual(refused('TOO_LARGE', 'at most 16384 bytes'))
      expect((await agent.decisions.get(kept.id))?.status).toBe('open')
    })

    test('are listed by status and metadata, newest first, and counted', async () => {
      const ids = []
      for (const model of ['a', 'b', 'a']) ids.push((await agent.decide('s', { actions, metadata: { model } })).id)
      await agent.reward(ids[0] ?? '', 1)
      const idsOf = async (options: Parameters<AsyncAgent['decisions']['list']>[0]): Promise<string[]> =>
        (await agent.decisions.list(options)).map(({ id }) => id)
      expect(await idsOf({})).toEqual(ids.toReversed())
      expect(await idsOf({ status: 'open' })).toEqual([ids[2], ids[1]])
      expect(await idsOf({ status: 'rewarded' })).toEqual([ids[0]])
      expect(await idsOf({ metadata: { model: 'a' }, limit: 1, offset: 1 })).toEqual([ids[0]])
      expect(await store.decisions.count({ agentId: 'router', metadata: { model: { $ne: 'a' } } })).toBe(1)
      expect(await store.decisions.list({ agentId: 'other' })).toEqual([])
      expect((await agent.status()).decisions).toEqual({ open: 2, rewarded: 1, expired: 0 })
      await expect(agent.decisions.list({ status: 'late' as 'open' })).rejects.toEqual(
        refused('INVALID_ARGUMENT', 'one of open, rewarded, expired'),
      )
    })

    test('are reported to subscribers', async () => {
      const seen: string[][] = []
      using _ = store.subscribe(({ collections }) => seen.push([...collections]), { collections: ['decisions'] })
      const { id } = await agent.decide('s', { actions })
      await agent.reward(id, 1)
      await expect.poll(() => seen.flat()).toEqual(expect.arrayContaining(['decisions', 'experiences', 'values']))
    })

    test('are deleted with what the agent learned', async () => {
      const { id } = await agent.decide('s', { actions })
      const open = await agent.decide('s', { actions })
      await agent.reward(id, 1, { metadata: { user: 'u' } })
      expect(await agent.experiences.delete({ metadata: { user: 'u' } })).toBe(1)
      expect((await agent.decisions.list()).map((one) => one.id)).toEqual([open.id])
      expect(await store.resetAgent('router')).toMatchObject({ decisions: 1 })
      expect(await agent.decisions.list()).toEqual([])
    })
  })
}
