/** A source for `useSyncExternalStore`: its state is the same object until it changes. */
export interface Source<T> {
  /** The state without subscribers, and on a server. */
  readonly first: T
  current(): T
  /** @returns a function that unsubscribes */
  subscribe(listener: () => void): () => void
}

/**
 * Creates a source that starts with its first subscriber. It ends after the last one has left and none has come in the same task: React
 * undoes effects and runs them again at once (StrictMode does so on purpose), which must not open anything twice.
 * @param start returns a function that ends it, and sets no state after that
 */
export function source<T>(first: T, start: (setState: (state: T) => void) => () => void): Source<T> {
  const listeners = new Set<() => void>()
  let current = first
  let end: (() => void) | undefined

  function setState(state: T): void {
    current = state
    for (const listener of [...listeners]) listener()
  }

  function endIfUnused(): void {
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
      end ??= start(setState)
      return () => {
        listeners.delete(listener)
        queueMicrotask(endIfUnused)
      }
    },
  }
}
