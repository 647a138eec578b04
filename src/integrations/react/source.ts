/** What `useSyncExternalStore` reads: a state that is the same object until it changes. */
export interface Source<T> {
  /** The state while nobody listens, and on a server. */
  readonly first: T
  current(): T
  /** @returns ends it. */
  subscribe(listener: () => void): () => void
}

/**
 * A source that is started by its first listener, and ended once its last one has gone and none came in the same task: React
 * takes effects back and makes them again at once (StrictMode does so on purpose), which must not open anything twice.
 * @param start answers how to end what it starts; it tells no state after that.
 */
export function source<T>(first: T, start: (tell: (state: T) => void) => () => void): Source<T> {
  const listeners = new Set<() => void>()
  let current = first
  let end: (() => void) | undefined

  function tell(state: T): void {
    current = state
    for (const listener of [...listeners]) listener()
  }

  function endUnlessHeard(): void {
    if (listeners.size > 0 || end === undefined) return
    end()
    end = undefined
    current = first
  }

  return {
    first,
    current: () => current,
    subscribe(listener) {
      listeners.add(listener)
      end ??= start(tell)
      return () => {
        listeners.delete(listener)
        queueMicrotask(endUnlessHeard)
      }
    },
  }
}
