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

/**
 * A source of what is opened at the first subscription and closed after the last one, even if it opens only then.
 * @param open undefined: nothing is opened, and the state stays `first`. One that throws counts as one that rejects
 * @param close errors become unhandled rejections: no component is left to show them
 */
export function openedSource<T, State>(
  first: State,
  open: (() => Promise<T>) | undefined,
  stateOf: { readonly opened: (value: T) => State; readonly failed: (error: unknown) => State },
  close: (value: T) => unknown,
): Source<State> {
  return source<State>(first, (setState) => {
    if (!open) return () => undefined
    let isWanted = true
    const opening = Promise.resolve().then(open)
    void opening.then(
      (value) => isWanted && setState(stateOf.opened(value)),
      (error: unknown) => isWanted && setState(stateOf.failed(error)),
    )
    return () => {
      isWanted = false
      void opening.then(close, () => undefined)
    }
  })
}
