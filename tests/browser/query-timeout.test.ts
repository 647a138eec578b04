import { deleteLearningStore, openLearningStore } from 'learning-store'
import { expect, test } from 'vitest'

const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'
const COUNT = 'SELECT count(*) FROM learning_experiences'

test.each(['shared', 'dedicated'] as const)(
  'an endless query in a page with a %s worker is stopped, and other clients go on meanwhile',
  async (worker) => {
    const storage = `indexeddb:endless-${worker}` as const
    await deleteLearningStore(storage)
    const store = await openLearningStore({ storage, worker })
    // A second client of a shared worker is a second tab.
    const other = worker === 'shared' ? await openLearningStore({ storage, worker }) : store
    const agent = await other.agent('one')
    const endless = store.query(ENDLESS, [], { timeoutMs: 1_000 })
    const timedOut = expect(endless).rejects.toMatchObject({ code: 'TIMEOUT' })
    await agent.learn({ state: 's', action: 'a', reward: 1, terminated: true })
    expect(await other.experiences.count()).toBe(1)
    await timedOut
    expect((await store.query(COUNT)).rows).toEqual([[1]])
    await agent.learn({ state: 's', action: 'b', reward: 1, terminated: true })
    expect((await other.query(COUNT)).rows).toEqual([[2]])
    const last = expect(store.query(ENDLESS, [], { timeoutMs: 1e9 })).rejects.toMatchObject({ code: 'CLOSED' })
    await store.close()
    await last
    if (other !== store) await other.close()
    await deleteLearningStore(storage)
  },
)
