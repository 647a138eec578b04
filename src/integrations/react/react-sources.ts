import type { AsyncStore, Queries } from '../../entry/exports.ts'
import { type Source, source } from './source.ts'

/** A store that is being opened, is open, or could not be opened. */
export type LearningStoreState =
  | { readonly status: 'opening'; readonly store: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly store: AsyncStore; readonly error: undefined }
  | { readonly status: 'failed'; readonly store: undefined; readonly error: unknown }

/** What a live query answered last. */
export type LiveState<T, Initial = undefined> =
  /** Nothing yet. */
  | { readonly status: 'asking'; readonly value: Initial; readonly error: undefined }
  | { readonly status: 'answered'; readonly value: T; readonly error: undefined }
  /** The query rejected when it was asked last; the value is the one before. */
  | { readonly status: 'failed'; readonly value: T | Initial; readonly error: unknown }

const OPENING: LearningStoreState = { status: 'opening', store: undefined, error: undefined }

/** Opens the store when it is listened to, and closes it afterwards, also where it opens only then. */
export function storeSource(open: () => Promise<AsyncStore>): Source<LearningStoreState> {
  return source<LearningStoreState>(OPENING, (tell) => {
    let isWanted = true
    // An `open` that throws is one that rejects.
    const opened = Promise.resolve().then(open)
    void opened.then(
      (store) => isWanted && tell({ status: 'open', store, error: undefined }),
      (error: unknown) => isWanted && tell({ status: 'failed', store: undefined, error }),
    )
    return () => {
      isWanted = false
      // Nobody is left to be told what closing rejects with: it becomes an unhandled rejection, which pages report.
      void opened.then(
        (store) => store.close(),
        () => undefined,
      )
    }
  })
}

/** Asks the query while it is listened to. Without a store it waits for one. */
export function liveSource<T, Initial>(
  store: Pick<AsyncStore, 'live'> | undefined,
  query: (store: Queries) => Promise<T>,
  initial: Initial,
): Source<LiveState<T, Initial>> {
  const first: LiveState<T, Initial> = { status: 'asking', value: initial, error: undefined }
  return source<LiveState<T, Initial>>(first, (tell) => {
    let last: T | Initial = initial
    const answer = (value: T): void => {
      last = value
      tell({ status: 'answered', value, error: undefined })
    }
    const onError = (error: unknown): void => tell({ status: 'failed', value: last, error })
    try {
      return store?.live(query, answer, { onError }).unsubscribe ?? (() => undefined)
    } catch (error) {
      // A store that was closed, say.
      onError(error)
      return () => undefined
    }
  })
}
