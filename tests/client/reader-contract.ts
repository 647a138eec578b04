import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncAgent, AsyncStore, StoreCommit } from '../../src/entry/node.ts'
import { type Call, kindOf, OPERATIONS } from '../../src/protocol/calls.ts'

export interface ReaderUnderTest {
  /** The store of a new storage, and readers of the same storage. */
  open(): Promise<{ readonly writer: AsyncStore; read(options?: { readonly seed?: number }): Promise<AsyncStore> }>
}

/** What every client of a read-only store promises. */
export function readerClientContract(name: string, harness: ReaderUnderTest): void {
  describe(`a reader, ${name}`, () => {
    let writer: AsyncStore
    let agent: AsyncAgent
    let read: (options?: { readonly seed?: number }) => Promise<AsyncStore>
    let reader: AsyncStore
    beforeEach(async () => {
      ;({ writer, read } = await harness.open())
      agent = await writer.agent('a', { explorationRate: 0.5 })
      await learn('s', 'x', 1)
      await learn('s', 'y', 0)
      reader = await read({ seed: 1 })
    })
    afterEach(async () => {
      await reader.close()
      await writer.close()
    })

    async function learn(state: string, action: string, reward: number): Promise<void> {
      await agent.learn({ state, action, reward, terminated: true })
      await writer.flush()
    }

    test('reads everything that was stored, while the writer has the storage', async () => {
      const status = await reader.status()
      expect(status).toMatchObject({ readOnly: true, state: 'clean', counts: { experiences: 2 }, pendingBytes: 0 })
      expect(status.durableSequence).toBe(status.sequence)
      expect((await writer.status()).readOnly).toBe(false)
      const same = await reader.agent('a')
      expect(await same.recommend('s')).toEqual(await agent.recommend('s'))
      expect(await reader.values.get('a', 's')).toEqual(await writer.values.get('a', 's'))
      expect(await reader.experiences.list({ agentId: 'a' })).toEqual(await writer.experiences.list({ agentId: 'a' }))
      expect((await reader.query('SELECT count(*) FROM learning_experiences')).rows).toEqual([[2]])
      expect(await reader.verify()).toMatchObject({ ok: true })
      expect(await reader.exportFile({ format: 'csv' })).toEqual(await writer.exportFile({ format: 'csv' }))
      const policy = await same.policy({ seed: 1 })
      expect(policy.valuesOf('s')).toEqual((await agent.policy({ seed: 1 })).valuesOf('s'))
      await reader.flush()
    })

    test('shows later commits after `refresh`, to those who listen too', async () => {
      const commits: StoreCommit[] = []
      const counts: number[] = []
      const policy = await (await reader.agent('a')).policy({ seed: 1 })
      reader.subscribe((commit) => commits.push(commit), { collections: ['experiences'] })
      const counted = new Promise<void>((resolve) => {
        reader.live(
          (queries) => queries.experiences.count(),
          (count) => (counts.push(count) === 2 ? resolve() : undefined),
        )
      })
      expect(await reader.experiences.count()).toBe(2)
      await learn('t', 'x', 1)
      expect(await reader.experiences.count()).toBe(2)
      const [sequence, later] = await Promise.all([reader.refresh(), reader.experiences.count()])
      expect(later).toBe(3)
      expect(sequence).toBe((await writer.status()).sequence)
      await counted
      expect(counts).toEqual([2, 3])
      expect(commits).toEqual([{ sequence, collections: expect.arrayContaining(['experiences', 'values']) }])
      await expect.poll(() => policy.valuesOf('t').length).toBe(1)
      expect(await reader.refresh()).toBe(sequence)
      expect(commits).toHaveLength(1)
    })

    test('follows a writer through its snapshots', async () => {
      let isNotified = false
      reader.subscribe(() => {
        isNotified = true
      })
      for (let i = 0; i < 4; i++) {
        await learn(`${i}`, 'x', 1)
        await writer.compact()
      }
      await learn('last', 'x', 1)
      await reader.refresh()
      expect(await reader.experiences.count()).toBe(7)
      expect(await reader.values.get('a', 'last')).toEqual(await writer.values.get('a', 'last'))
      await expect.poll(() => isNotified).toBe(true)
    })

    test('has the linear models of the writer, also those that are learned again at opening', async () => {
      const linear = await writer.agent('l', { algorithm: 'lin-ucb' })
      const teach = (i: number) =>
        linear.learn({ state: { size: i % 5 }, action: `a${i % 2}`, reward: (i * 7) % 3, terminated: true })
      for (let i = 0; i < 20; i++) await teach(i)
      await writer.flush()
      await reader.refresh()
      const same = await reader.agent('l')
      expect(await same.recommend({ size: 3 })).toEqual(await linear.recommend({ size: 3 }))
      for (let i = 20; i < 30; i++) await teach(i)
      await writer.flush()
      await reader.refresh()
      expect(await same.recommend({ size: 3 })).toEqual(await linear.recommend({ size: 3 }))
      const other = await read()
      expect(await (await other.agent('l')).recommend({ size: 3 })).toEqual(await linear.recommend({ size: 3 }))
      await other.close()
    })

    test('refuses every operation that writes, and is unchanged', async () => {
      const before = await contentOf(reader)
      const own = await reader.agent('a')
      const roots: { readonly [name: string]: unknown } = { ...reader, agent: own, store: reader }
      const refused: string[] = []
      for (const [on, methods] of Object.entries(OPERATIONS)) {
        if (on === 'host') continue
        const target = on === 'memory.as' ? reader.memory.as({ id: 'me' } as never) : at(roots, on.split('.'))
        for (const method of Object.keys(methods)) {
          if (kindOf({ on: on as Call['on'], method, args: [] }) === 'read' || `${on}.${method}` === 'store.agent')
            continue
          const call = Reflect.get(target as object, method) as () => Promise<unknown>
          await expect(call(), `${on}.${method}`).rejects.toMatchObject({ code: 'READ_ONLY' })
          refused.push(`${on}.${method}`)
        }
      }
      expect(refused).toEqual(expect.arrayContaining(['agent.learn', 'fleet.tasks.create', 'memory.as.set']))
      const jobs = [
        () => reader.importFile(new Blob(['agent_id,state,action,reward,terminated\na,1,2,0.5,true\n'])),
        () => reader.prune({ experiences: { maxAgeMs: 1 } } as never),
        () => reader.compact(),
        () => reader.agent('new'),
        () => reader.agent('a', { explorationRate: 0.1 }),
      ]
      for (const job of jobs) await expect(job()).rejects.toMatchObject({ code: 'READ_ONLY' })
      await expect(reader.agent('a', { explorationRate: 0.5 })).resolves.toMatchObject({ id: 'a' })
      expect(await contentOf(reader)).toBe(before)
      expect(await reader.agents.list()).toHaveLength(1)
    })

    test('chooses actions with draws of its own, which change nothing', async () => {
      const own = await reader.agent('a')
      const draw = async (): Promise<unknown> => (await own.selectAction('s', { actions: ['x', 'y'] })).action
      const actions = []
      for (let i = 0; i < 30; i++) {
        actions.push(await draw())
        if (i % 10 === 0) await own.learn({ state: 's', action: 'x', reward: 1 }).catch(() => {})
        if (i % 3 === 0) await reader.refresh()
      }
      expect(new Set(actions)).toEqual(new Set(['x', 'y']))
      // A commit makes a new state of the reader, whose generator must not start where the last one did.
      const first = []
      for (let i = 0; i < 20; i++) {
        await learn('t', 'x', 1)
        await reader.refresh()
        first.push(await draw())
      }
      expect(new Set(first)).toEqual(new Set(['x', 'y']))
      const file = await read()
      expect(await contentOf(file)).toBe(await contentOf(reader))
      await file.close()
    })

    test('outlives its writer, and rejects after its own close', async () => {
      await writer.close()
      await reader.refresh()
      expect(await reader.experiences.count()).toBe(2)
      await reader.close()
      await expect(reader.refresh()).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(reader.experiences.count()).rejects.toMatchObject({ code: 'CLOSED' })
    })
  })
}

function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce((target, name) => Reflect.get(target as object, name) as unknown, root)
}

/** Identifies the bytes of the whole database. */
async function contentOf(store: AsyncStore): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', (await store.snapshot()) as Uint8Array<ArrayBuffer>)
  return new Uint8Array(digest).join()
}
