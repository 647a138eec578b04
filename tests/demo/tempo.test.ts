import { expect, test } from 'vitest'
import { type Clock, Tempo } from '../../demo/shared/tempo.ts'

/** Time passes only in `wait`. */
function virtualClock(): Clock & { ms: number } {
  return {
    ms: 0,
    now() {
      return this.ms
    },
    wait(ms) {
      this.ms += Math.max(1, ms)
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

const free = new AbortController().signal

test.each([1, 60, 1_000])('allows %i steps a second', async (perSecond) => {
  const clock = virtualClock()
  const tempo = new Tempo(perSecond, clock)
  for (let step = 0; step <= 2 * perSecond; step++) await tempo.step(free)
  expect(clock.ms).toBeGreaterThan(1_900)
  expect(clock.ms).toBeLessThan(2_100)
})

test('changes its speed at once', async () => {
  const clock = virtualClock()
  const tempo = new Tempo(1, clock)
  await tempo.step(free)
  tempo.perSecond = 100
  for (let step = 0; step < 100; step++) await tempo.step(free)
  expect(clock.ms).toBeLessThan(2_100)
})

test('waits while paused, and ends with its signal', async () => {
  const clock = virtualClock()
  const tempo = new Tempo(100, clock)
  const stop = new AbortController()
  tempo.isPaused = true
  let isFree = false
  const step = tempo.step(stop.signal).then(() => {
    isFree = true
  })
  await expect.poll(() => clock.ms).toBeGreaterThan(1_000)
  expect(isFree).toBe(false)
  tempo.isPaused = false
  await step
  tempo.isPaused = true
  const waiting = tempo.step(stop.signal)
  stop.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
})
