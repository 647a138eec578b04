import { bytes, LearningEngine, openLearningStore, type Place } from 'learning-store/edge'
import { expect, test } from 'vitest'

/** What the entry of the edge refuses, in whatever runtime. */
export function refusals(): void {
  test.each([
    {},
    { place: 'file:learning.db' },
    { place: 'memory:', wasm: new Uint8Array(8) as unknown as object },
    { place: bytes(), worker: true },
  ])('The entry of the edge opens nothing with %o', async (options) => {
    await expect(openLearningStore<string | Place>(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('The entry of the edge has no default place for the classes that stand on a store', async () => {
    await expect(new LearningEngine('a').initialize()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
}
