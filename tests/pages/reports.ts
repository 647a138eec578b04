import { EventEmitter, once } from 'node:events'
import type { Acknowledged, Report } from './app/learner.ts'

/** What pages reported so far: what arrived here counts as acknowledged. */
export class Reports {
  readonly acknowledged: Acknowledged[] = []
  readonly refused: { readonly code: string; readonly message: string }[] = []
  readonly #events = new EventEmitter()

  add(json: string): void {
    for (const one of JSON.parse(json) as Report[]) {
      if ('acknowledged' in one) this.acknowledged.push(one.acknowledged)
      else this.refused.push(one.refused)
    }
    this.#events.emit('news')
  }

  /** Resolves as soon as so many are acknowledged, or anything is refused. */
  async reach(count: number): Promise<void> {
    while (this.acknowledged.length < count && this.refused.length === 0) await once(this.#events, 'news')
  }

  /** Resolves as soon as so many are refused. */
  async refuse(count: number): Promise<void> {
    while (this.refused.length < count) await once(this.#events, 'news')
  }

  /** What was reported since the last call. */
  take(): { readonly acknowledged: readonly Acknowledged[]; readonly refused: readonly { readonly code: string }[] } {
    return { acknowledged: this.acknowledged.splice(0), refused: this.refused.splice(0) }
  }
}
