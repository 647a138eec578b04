import { StoreError } from '../errors.ts'
import { Timer } from './timer.ts'
import { Waiters } from './waiters.ts'

/** A lock within one thread: one holder at a time, others wait. */
export class Mutex {
  #isHeld = false
  readonly #waiting = new Waiters<undefined>()

  get isHeld(): boolean {
    return this.#isHeld
  }

  /**
   * Waits for the lock and returns the function that releases it. @param name names the lock in the error
   * @throws LOCKED after `lockTimeoutMs`
   */
  async acquire(lockTimeoutMs: number, name: string): Promise<() => void> {
    let isLate = false
    const timer = new Timer()
    const late = timer.pause(lockTimeoutMs).then(() => {
      isLate = true
    })
    while (this.#isHeld) {
      if (isLate) {
        const found = `The store is open elsewhere (waited ${lockTimeoutMs} ms for ${name})`
        throw new StoreError('LOCKED', `${found}. Close it, share it, or raise \`lockTimeoutMs\`.`)
      }
      await Promise.race([late, this.#waiting.wait(undefined)])
    }
    timer.clear()
    this.#isHeld = true
    let isHolding = true
    return () => {
      if (!isHolding) return
      isHolding = false
      this.#isHeld = false
      this.#waiting.resolve(() => true)
    }
  }
}
