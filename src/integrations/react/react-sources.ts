import type { AsyncAgent, AsyncStore, JsonValue, Policy, Queries } from '../../entry/exports.ts'
import { openedSource, type Source, source } from './source.ts'

/** The state of a store that a component opens. */
export type LearningStoreState =
  | { readonly status: 'opening'; readonly store: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly store: AsyncStore; readonly error: undefined }
  | { readonly status: 'failed'; readonly store: undefined; readonly error: unknown }

/** The state of an agent that a component opens. */
export type AgentState<State = JsonValue, Action = JsonValue> =
  | { readonly status: 'opening'; readonly agent: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly agent: AsyncAgent<State, Action>; readonly error: undefined }
  | { readonly status: 'failed'; readonly agent: undefined; readonly error: unknown }

/** The state of a policy that a component follows. */
export type PolicyState<State = JsonValue, Action = JsonValue> =
  | { readonly status: 'opening'; readonly policy: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly policy: Policy<State, Action>; readonly error: undefined }
  | { readonly status: 'failed'; readonly policy: undefined; readonly error: unknown }

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
  const stateOf = {
    opened: (store: AsyncStore): LearningStoreState => ({ status: 'open', store, error: undefined }),
    failed: (error: unknown): LearningStoreState => ({ status: 'failed', store: undefined, error }),
  }
  return openedSource(OPENING, open, stateOf, (store) => store.close())
}

/** Opens the agent at the first subscription. Without a store it stays in `opening`. */
export function agentSource<State, Action>(
  open: (() => Promise<AsyncAgent<State, Action>>) | undefined,
): Source<AgentState<State, Action>> {
  const stateOf = {
    opened: (agent: AsyncAgent<State, Action>): AgentState<State, Action> => ({
      status: 'open',
      agent,
      error: undefined,
    }),
    failed: (error: unknown): AgentState<State, Action> => ({ status: 'failed', agent: undefined, error }),
  }
  return openedSource({ status: 'opening', agent: undefined, error: undefined }, open, stateOf, () => undefined)
}

/** Copies the policy at the first subscription and closes the copy after the last one. Without an agent it stays in `opening`. */
export function policySource<State, Action>(
  open: (() => Promise<Policy<State, Action>>) | undefined,
): Source<PolicyState<State, Action>> {
  const stateOf = {
    opened: (policy: Policy<State, Action>): PolicyState<State, Action> => ({
      status: 'open',
      policy,
      error: undefined,
    }),
    failed: (error: unknown): PolicyState<State, Action> => ({ status: 'failed', policy: undefined, error }),
  }
  return openedSource({ status: 'opening', policy: undefined, error: undefined }, open, stateOf, (policy) =>
    policy.close(),
  )
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
