import type { Sentinel } from '../log/recovery.ts'
import type { Place } from '../storage.ts'

/** A change that a place makes in the browser's storage; named so that a test can stop before it. */
export type IndexedDbChange = 'append' | 'snapshot' | 'head' | 'remove' | 'sentinel'

/** What a place in a database of the browser can be told. */
export interface IndexedDbPlaceOptions {
  /** What the caller was last told to remember, where it still knows: an empty place is then PLACE_LOST, not a new store. */
  readonly remembered?: Sentinel | undefined
  /** Called after each snapshot and at the end with what the caller should remember apart from IndexedDB. */
  readonly onRemember?: ((sentinel: Sentinel) => void) | undefined
  /** Called once when another page or worker is seen to hold the place, before it is waited for. */
  readonly onBlocked?: (() => void) | undefined
  /** Called before each change, which waits for it. What it throws, the change throws. */
  readonly beforeChange?: ((change: IndexedDbChange) => void | Promise<void>) | undefined
}

export interface IndexedDbPlace extends Place {
  /** Closes the connection to the database when its transactions have ended; the next use opens another. The claim stays. */
  rest(): void
}
