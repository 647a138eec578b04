import { bytesStorage, type EdgeStoreOptions, LearningEngine, openLearningStore } from 'learning-store/edge'
import { expect, test } from 'vitest'

/** What the entry of the edge refuses, in whatever runtime. */
export function refusals(): void {
  test.each([
    {},
    { storage: 'file:learning.db' },
    { storage: 'memory:', wasm: new Uint8Array(8) as unknown as object },
    { storage: bytesStorage(), worker: true },
  ])('The entry of the edge opens nothing with %o', async (options) => {
    await expect(openLearningStore(options as EdgeStoreOptions)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  test('The entry of the edge has no default storage for the classes that stand on a store', async () => {
    await expect(new LearningEngine('a').initialize()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
}
