import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { type BytesStorageOptions, bytesStorage } from '../../../src/persistence/snapshot-only/bytes-storage.ts'

const experience = { state: 's', action: 'a', reward: 1, terminated: true }

/** The last bytes that were saved, and how often. */
function shelf() {
  const saved: Uint8Array[] = []
  return { saved, save: async (snapshot: Uint8Array) => void saved.push(snapshot) }
}

describe('A store in bytes', () => {
  test('is handed over when it is new, after flush and after close, and opens from them', async () => {
    const { saved, save } = shelf()
    const store = await openLearningStore({ storage: bytesStorage({ save }), seed: 7 })
    expect(saved).toHaveLength(1)
    const agent = await store.agent('agent')
    await agent.learn(experience)
    await store.flush()
    expect(saved).toHaveLength(2)
    expect(await store.status()).toMatchObject({ storage: 'bytes:', state: 'clean' })
    const { sequence, durableSequence } = await store.status()
    expect(durableSequence).toBe(sequence)
    await agent.learn(experience)
    await store.close()
    expect(saved).toHaveLength(3)
    const [, flushed, closed] = saved
    for (const [initial, count] of [
      [flushed, 1],
      [closed, 2],
    ] as const) {
      const again = await openLearningStore({ storage: bytesStorage({ initial, save }) })
      expect((await again.status()).counts.experiences).toBe(count)
      await again.close()
    }
    // Nothing was changed, so nothing was saved.
    expect(saved).toHaveLength(3)
  })

  test('continues its sequence, and never changes the given bytes', async () => {
    const { saved, save } = shelf()
    const store = await openLearningStore({ storage: bytesStorage({ save }) })
    await (await store.agent('agent')).learn(experience)
    await store.flush()
    const { sequence } = await store.status()
    await store.close()
    const initial = saved.at(-1)?.slice()
    const again = await openLearningStore({ storage: bytesStorage({ initial, save }) })
    expect((await again.status()).sequence).toBe(sequence)
    await (await again.agent('agent')).learn(experience)
    await again.close()
    expect(initial).toEqual(saved.at(-2))
    expect(saved.at(-1)).not.toEqual(initial)
  })

  test('without save can be read and changed, and exported as a snapshot', async () => {
    const store = await openLearningStore({ storage: bytesStorage() })
    await (await store.agent('agent')).learn(experience)
    const initial = await store.snapshot()
    await store.close()
    const again = await openLearningStore({ storage: bytesStorage({ initial }) })
    expect((await again.status()).counts.experiences).toBe(1)
    await again.flush()
    await again.close()
  })

  test('is refused strict, foreign or damaged', async () => {
    const { saved, save } = shelf()
    // @ts-expect-error: it keeps no log.
    const strict = openLearningStore({ storage: bytesStorage({ save }), durability: 'strict' })
    await expect(strict).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(saved).toEqual([])
    await (await openLearningStore({ storage: bytesStorage({ save }) })).close()
    const whole = saved.at(-1) ?? new Uint8Array()
    const foreign = openLearningStore({ storage: bytesStorage({ initial: new TextEncoder().encode('a letter') }) })
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_A_STORE' })
    const damaged = openLearningStore({ storage: bytesStorage({ initial: whole.subarray(0, whole.length - 4096) }) })
    await expect(damaged).rejects.toMatchObject({ code: 'CORRUPT_SNAPSHOT' })
  })

  test('opens from an ArrayBuffer and from any view of it, and from null as a new one', async () => {
    const { saved, save } = shelf()
    const store = await openLearningStore({ storage: bytesStorage({ initial: null, save }) })
    await (await store.agent('agent')).learn(experience)
    await store.close()
    const whole = saved.at(-1) ?? new Uint8Array()
    const larger = new Uint8Array(whole.length + 16)
    larger.set(whole, 8)
    const initials = [whole.slice().buffer, new DataView(larger.buffer, 8, whole.length), Buffer.from(whole)]
    for (const initial of initials) {
      await using again = await openLearningStore({ storage: bytesStorage({ initial }) })
      expect(await again.experiences.count()).toBe(1)
    }
  })

  test.each([
    new Uint8Array(8),
    new ArrayBuffer(8),
    Promise.resolve({}),
    null,
    'x',
    { sav() {} },
    { save: 5 },
    { initial: [1, 2] },
    { initial: Promise.resolve(new Uint8Array(8)) },
    { initial: 'SQLite format 3' },
  ])('is refused for what is no option: %j', (options) => {
    expect(() => bytesStorage(options as BytesStorageOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  test('that cannot be saved when it is new does not open', async () => {
    const save = async (): Promise<void> => {
      throw new Error('No room on the shelf')
    }
    const opening = openLearningStore({ storage: bytesStorage({ save }) })
    const message = expect.stringContaining('No room on the shelf')
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_ERROR', message })
  })
})
