import type { AsyncStore } from '../client/async-store.ts'

/** Lends a store for as long as some work lasts. It may open the store for it. */
export interface StoreAccess {
  /**
   * Runs the work on the store.
   * @param isReading whether the work only reads, so that a store that another process writes will do
   * @throws what opening the store throws, and what the work throws
   */
  use<T>(work: (store: AsyncStore) => Promise<T>, isReading: boolean): Promise<T>
}

/** Access to a store that the caller keeps open. */
export function openedStore(store: AsyncStore): StoreAccess {
  return { use: (work) => work(store) }
}
