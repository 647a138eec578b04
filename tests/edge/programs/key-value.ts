import type { KVNamespace } from '@cloudflare/workers-types'
import { expect, test } from 'vitest'
import { kvStorage } from '../../../src/persistence/snapshot-only/key-value-storage.ts'
import { Session } from '../../persistence/session.ts'
import { type SnapshotsHarness, snapshotsContract } from '../../persistence/snapshot-only/snapshot-storage-contract.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests((_, { KV }) => {
  snapshotsContract('A storage in Workers KV', () => keyValueBench(KV))

  test('A storage in Workers KV persists more than one value can hold', async () => {
    const session = await Session.open(kvStorage(KV, { name: 'large' }))
    session.model.apply({ sequence: 1, statements: [{ sql: 'ADD', values: ['x'.repeat(30 * 1024 * 1024)] }] })
    await session.replace()
    expect((await KV.list({ prefix: 'large/part-' })).keys).toHaveLength(2)
    expect((await Session.open(kvStorage(KV, { name: 'large' }))).items).toEqual(session.items)
  })
})

let made = 0

async function keyValueBench(namespace: KVNamespace): Promise<SnapshotsHarness> {
  const name = `harness-${++made}`
  return {
    storage: (beforeChange = () => {}) =>
      kvStorage(
        {
          get: (key, type) => namespace.get(key, type),
          list: (options) => namespace.list(options),
          put: async (key, value) => {
            beforeChange()
            await namespace.put(key, value)
          },
          delete: async (key) => {
            beforeChange()
            await namespace.delete(key)
          },
        },
        { name },
      ),
    keys: async () => (await namespace.list({ prefix: `${name}/` })).keys.map((key) => key.name),
    read: async (key) => new Uint8Array((await namespace.get(key, 'arrayBuffer')) ?? new ArrayBuffer(0)),
    write: async (key, bytes) => (bytes ? namespace.put(key, bytes) : namespace.delete(key)),
    async dispose() {},
  }
}
