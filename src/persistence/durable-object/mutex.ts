import { StoreError } from '../../errors.ts'
import { Timer } from '../timer.ts'
import { Waiters } from '../waiters.ts'

/** Something that one holds at a time while others wait for it, within one thread. */
export class Mutex {
  #isHeld = false
  readonly #waiting = new Waiters<undefined>()

  /** What gives it back, once. @throws LOCKED after `lockTimeoutMs`. @param what for whom it is waited. */
  async take(lockTimeoutMs: number, what: string): Promise<() => void> {
    let isLate = false
    const timer = new Timer()
    const late = timer.pause(lockTimeoutMs).then(() => {
      isLate = true
    })
    while (this.#isHeld) {
      if (isLate)
        throw new StoreError('LOCKED', `Expected ${what} to be free, waited ${lockTimeoutMs} ms for its writer`)
      await Promise.race([late, this.#waiting.wait(undefined)])
    }
    timer.clear()
    this.#isHeld = true
    let isOurs = true
    return () => {
      if (!isOurs) return
      isOurs = false
      this.#isHeld = false
      this.#waiting.resolve(() => true)
    }
  }
}
