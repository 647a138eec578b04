import { Miniflare } from 'miniflare'
import { createStorage } from 'unstorage'
import keyValueDriver from 'unstorage/drivers/cloudflare-kv-binding'
import bucketDriver from 'unstorage/drivers/cloudflare-r2-binding'
import { afterAll, expect, test } from 'vitest'
import { fromUnstorage, openLearningStore } from '../../src/entry/node.ts'

const runtime = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  kvNamespaces: ['KV'],
  r2Buckets: ['R2'],
})
afterAll(() => runtime.dispose())

type Bucket = Exclude<NonNullable<Parameters<typeof bucketDriver>[0]>['binding'], string>
type Namespace = Exclude<NonNullable<Parameters<typeof keyValueDriver>[0]>['binding'], string>

const drivers = {
  'cloudflare-kv-binding': async () => keyValueDriver({ binding: (await runtime.getKVNamespace('KV')) as Namespace }),
  'cloudflare-r2-binding': async () =>
    bucketDriver({ binding: (await runtime.getR2Bucket('R2')) as unknown as Bucket }),
}

test.each(Object.entries(drivers))(
  'A store is persisted by the driver %s of unstorage, on workerd',
  async (_, driver) => {
    const storage = createStorage({ driver: await driver() })
    for (let opened = 0; opened < 4; opened++) {
      await using store = await openLearningStore({ storage: fromUnstorage(storage, { chunkBytes: 100_000 }) })
      expect(await store.experiences.count()).toBe(opened)
      await (await store.agent('agent')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
      await store.flush()
      expect(await store.status()).toMatchObject({ state: 'clean', notes: [] })
    }
    const parts = (await storage.getKeys('learning-store')).filter((key) => key.includes('part'))
    const generations = new Set(parts.map((key) => /part-(\d+)/.exec(key)?.[1]))
    expect(generations.size).toBe(2)
    expect(parts.length).toBeGreaterThan(4)
  },
)
