import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RecordedValue } from '../../../src/persistence/log/record.ts'
import { PersisterModel, quiet, until } from '../persister-model.ts'
import { Gate } from '../storage-under-test.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Values without a text. */
const ODD: readonly (readonly [string, unknown])[] = [
  ['an object without a prototype', Object.create(null)],
  ['an error whose message is a symbol', Object.assign(new Error(), { message: Symbol('none') })],
  [
    'an error whose message throws',
    Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('no message')
      },
    }),
  ],
  [
    'a proxy that refuses',
    new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('no prototype')
        },
        get() {
          throw new Error('no property')
        },
      },
    ),
  ],
  ['undefined', undefined],
  ['a symbol', Symbol('odd')],
]

describe('A storage that throws values that cannot become text', () => {
  test.each(ODD)('fails with a StoreError, and nothing is lost: %s', async (_, thrown) => {
    const { medium, failing, persister, ...harness } = await PersisterModel.open({ durability: 'strict' })
    medium.beforeChange = (change) => {
      if (failing.has(change)) throw thrown
    }
    failing.add('append')
    harness.commit('a')
    const refused = expect(persister.whenDurable()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    await vi.advanceTimersByTimeAsync(150)
    await refused
    expect(persister.status).toMatchObject({ state: 'failing', reason: expect.stringContaining('Failed to') })
    failing.clear()
    await vi.advanceTimersByTimeAsync(400)
    await until(() => persister.status.state === 'clean')
    failing.add('snapshot')
    await expect(persister.snapshot()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
    failing.clear()
    expect(await harness.found()).toEqual(['ADD a'])
  })
})

describe('A persister', () => {
  test('continues with what a failed encoding left, and stores it with the text of its statements', async () => {
    const { persister, ...harness } = await PersisterModel.open()
    let fails = true
    const odd = new Uint8Array(1)
    Object.defineProperty(odd, Symbol.iterator, {
      value: () => {
        if (fails) throw new RangeError('Invalid string length')
        return new Uint8Array([7]).values()
      },
    })
    harness.commit('a', odd as RecordedValue, 'b')
    await quiet()
    expect(persister.status).toMatchObject({ state: 'failing', durableSequence: 0 })
    expect(persister.status.pendingBytes).toBeGreaterThan(0)
    fails = false
    await vi.advanceTimersByTimeAsync(50)
    await until(() => persister.status.state === 'clean')
    expect(persister.status).toMatchObject({ durableSequence: 3, pendingBytes: 0 })
    expect(await harness.found()).toHaveLength(3)
  })

  test.each(['append', 'replace', 'close'] as const)('closes although the storage never settles %s', async (call) => {
    const { storage, persister, commit, medium } = await PersisterModel.open({ closeTimeoutMs: 1_000 })
    if (call === 'append') storage.appendGate = new Gate()
    if (call === 'replace') storage.replaceGate = new Gate()
    if (call === 'close') storage.close = () => new Promise(() => {})
    commit('a')
    const durable = persister.whenDurable().then(
      () => 'stored',
      (error: unknown) => error,
    )
    const closing = expect(persister.close()).rejects.toMatchObject({
      code: 'STORAGE_ERROR',
      message: expect.stringContaining('1000 ms'),
    })
    await vi.advanceTimersByTimeAsync(1_000)
    await quiet()
    await vi.advanceTimersByTimeAsync(1_000)
    await closing
    if (call === 'append') expect(await durable).toMatchObject({ code: 'CLOSED' })
    else expect(await durable).toBe('stored')
    if (call !== 'close') expect(medium.held).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('reports what a storage throws when it is closed as a StoreError', async () => {
    const { storage, persister } = await PersisterModel.open()
    storage.close = () => {
      throw Object.create(null)
    }
    await expect(persister.close()).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  })
})
