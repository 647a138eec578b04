import { StoreError } from '../../errors.ts'
import { Alarm } from '../timer.ts'
import { Waiters } from '../waiters.ts'

/** Something that one holds at a time while others wait for it, within one thread. */
export class Turns {
  #isHeld = false
  readonly #waiting = new Waiters<undefined>()

  /** What gives it back, once. @throws LOCKED after `waitMs`. @param what for whom it is waited. */
  async take(waitMs: number, what: string): Promise<() => void> {
    let isLate = false
    const alarm = new Alarm()
    const late = alarm.pause(waitMs).then(() => {
      isLate = true
    })
    while (this.#isHeld) {
      if (isLate) throw new StoreError('LOCKED', `Expected ${what} to be free, waited ${waitMs} ms for its writer`)
      await Promise.race([late, this.#waiting.wait(undefined)])
    }
    alarm.clear()
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
