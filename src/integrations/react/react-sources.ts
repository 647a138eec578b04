import type { AsyncStore, Queries } from '../../entry/exports.ts'
import { type Source, source } from './source.ts'

/** The state of a store that a component opens. */
export type LearningStoreState =
  | { readonly status: 'opening'; readonly store: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly store: AsyncStore; readonly error: undefined }
  | { readonly status: 'failed'; readonly store: undefined; readonly error: unknown }

/** The state of a live query. */
export type LiveState<T, Initial = undefined> =
  /** The first result is pending. */
  | { readonly status: 'loading'; readonly value: Initial; readonly error: undefined }
  | { readonly status: 'ready'; readonly value: T; readonly error: undefined }
  /** The last run failed; the value is the previous one. */
  | { readonly status: 'failed'; readonly value: T | Initial; readonly error: unknown }

const OPENING: LearningStoreState = { status: 'opening', store: undefined, error: undefined }

/** Opens the store at the first subscription and closes it after the last one, even if it opens only then. */
export function storeSource(open: () => Promise<AsyncStore>): Source<LearningStoreState> {
  return source<LearningStoreState>(OPENING, (setState) => {
    let isWanted = true
    // An `open` that throws is one that rejects.
    const opened = Promise.resolve().then(open)
    void opened.then(
      (store) => isWanted && setState({ status: 'open', store, error: undefined }),
      (error: unknown) => isWanted && setState({ status: 'failed', store: undefined, error }),
    )
    return () => {
      isWanted = false
      // An error of closing becomes an unhandled rejection: no component is left to show it.
      void opened.then(
        (store) => store.close(),
        () => undefined,
      )
    }
  })
}

/** Runs the live query while it has subscribers. Without a store it stays in `loading`. */
export function liveSource<T, Initial>(
  store: Pick<AsyncStore, 'live'> | undefined,
  query: (store: Queries) => Promise<T>,
  initial: Initial,
): Source<LiveState<T, Initial>> {
  const first: LiveState<T, Initial> = { status: 'loading', value: initial, error: undefined }
  return source<LiveState<T, Initial>>(first, (setState) => {
    let last: T | Initial = initial
    const onValue = (value: T): void => {
      last = value
      setState({ status: 'ready', value, error: undefined })
    }
    const onError = (error: unknown): void => setState({ status: 'failed', value: last, error })
    try {
      return store?.live(query, onValue, { onError }).unsubscribe ?? (() => undefined)
    } catch (error) {
      // The store was closed, for example.
      onError(error)
      return () => undefined
    }
  })
}
