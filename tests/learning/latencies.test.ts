import { expect, test } from 'vitest'
import { Stopwatch } from '../../src/learning/latencies.ts'

/** A stopwatch on a clock that stands still but for what operations take. */
function stopwatch(): {
  readonly watch: Stopwatch
  readonly take: (operation: string, ms: number, isRead?: boolean) => void
} {
  let elapsed = 0
  const watch = new Stopwatch(
    () => 1_700_000_000_000,
    () => elapsed,
  )
  const take = (operation: string, ms: number, isRead = true): void =>
    watch.time(operation, isRead, () => {
      elapsed += ms
    })
  return { watch, take }
}

test('is null before the first operation', () => {
  const none = { count: 0, p50Ms: null, p99Ms: null }
  expect(stopwatch().watch.latencies).toEqual({ reads: none, writes: none, slow: { count: 0, latest: [] } })
})

test('is the nearest rank of the newest thousand operations, for reads and writes separately', () => {
  const { watch, take } = stopwatch()
  for (let ms = 1; ms <= 10; ms++) take('a.read', ms)
  take('a.write', 7, false)
  expect(watch.latencies.reads).toEqual({ count: 10, p50Ms: 5, p99Ms: 10 })
  expect(watch.latencies.writes).toEqual({ count: 1, p50Ms: 7, p99Ms: 7 })
  for (let i = 1; i <= 1_000; i++) take('a.read', i / 100)
  expect(watch.latencies.reads).toEqual({ count: 1_010, p50Ms: expect.closeTo(5, 6), p99Ms: expect.closeTo(9.9, 6) })
})

test('lists the latest ten slow operations, newest first, and their number', () => {
  const { watch, take } = stopwatch()
  take('quick.operation', 50)
  for (let ms = 51; ms <= 70; ms++) take('slow.operation', ms)
  const { count, latest } = watch.latencies.slow
  expect(count).toBe(20)
  expect(latest.map(({ durationMs }) => durationMs)).toEqual([70, 69, 68, 67, 66, 65, 64, 63, 62, 61])
  expect(latest[0]).toEqual({ operation: 'slow.operation', durationMs: 70, at: '2023-11-14T22:13:20.000Z' })
})

test('measures operations that throw', () => {
  const { watch } = stopwatch()
  const failing = (): never => {
    throw new Error('no')
  }
  expect(() => watch.time('a.write', false, failing)).toThrow('no')
  expect(watch.latencies.writes.count).toBe(1)
})
