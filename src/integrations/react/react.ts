'use client'
import {
  type Context,
  createContext,
  createElement,
  type DependencyList,
  type ReactElement,
  type ReactNode,
  useContext,
  useState,
  useSyncExternalStore,
} from 'react'
import type {
  AsyncAgent,
  AsyncStore,
  DecideOptions,
  Jsonable,
  JsonValue,
  LearnerConfiguration,
  Queries,
} from '../../entry/exports.ts'
import { StoreError } from '../../errors.ts'
import { type DecisionState, decisionSource } from './decision-source.ts'
import {
  type AgentState,
  agentSource,
  type LearningStoreState,
  type LiveState,
  liveSource,
  type PolicyState,
  policySource,
  storeSource,
} from './react-sources.ts'
import type { Source } from './source.ts'

export type { InspectorAttributes } from './inspector-element.ts'
export type { AgentState, DecisionState, LearningStoreState, LiveState, PolicyState }

/** The properties of `LearningStoreProvider`. */
export interface LearningStoreProviderProps {
  /** Opens the store. */
  readonly open: () => Promise<AsyncStore>
  /** When one of these changes, the store is closed and `open` is called again. */
  readonly deps?: DependencyList
  readonly children?: ReactNode
}

const ProvidedStore: Context<LearningStoreState | undefined> = createContext<LearningStoreState | undefined>(undefined)

/**
 * Opens a store while the component is mounted: once, also under StrictMode, and closes it after the component is unmounted. When one
 * of `deps` changes, the store is closed and `open` is called again. On a server nothing is opened. `LearningStoreProvider` opens one
 * for several components.
 */
export function useLearningStore(open: () => Promise<AsyncStore>, deps: DependencyList = []): LearningStoreState {
  return useSource(() => storeSource(open), deps)
}

/** Opens a store as `useLearningStore` does, for all components inside. */
export function LearningStoreProvider({ open, deps, children }: LearningStoreProviderProps): ReactElement {
  return createElement(ProvidedStore.Provider, { value: useLearningStore(open, deps) }, children)
}

/** The store of the nearest `LearningStoreProvider`. @throws INVALID_ARGUMENT if there is none */
export function useProvidedStore(): LearningStoreState {
  const state = useContext(ProvidedStore)
  if (state === undefined) {
    throw new StoreError('INVALID_ARGUMENT', 'Expected a LearningStoreProvider above the component, got none')
  }
  return state
}

/**
 * The result of a live query (`store.live`): now and after every change of the data that it reads, at most once per frame. When the
 * store or one of `deps` changes, the query starts again with `initial`; `deps` must name all values of the component that the query
 * uses. Without a store, and on a server, the state is `loading`.
 */
export function useLive<T>(
  store: Pick<AsyncStore, 'live'> | undefined,
  query: (store: Queries) => Promise<T>,
  deps?: DependencyList,
): LiveState<T>
export function useLive<T, Initial>(
  store: Pick<AsyncStore, 'live'> | undefined,
  query: (store: Queries) => Promise<T>,
  deps: DependencyList,
  initial: Initial,
): LiveState<T, Initial>
export function useLive<T>(
  store: Pick<AsyncStore, 'live'> | undefined,
  query: (store: Queries) => Promise<T>,
  deps: DependencyList = [],
  initial?: unknown,
): LiveState<T, unknown> {
  return useSource(() => liveSource(store, query, initial), [store, ...deps])
}

/**
 * Opens an agent of a store, or creates it; `State` and `Action` are the types of its states and actions. It is opened again when the
 * store, the id or the content of the configuration changes. Without a store, and on a server, the state is `opening`.
 */
export function useAgent<State extends Jsonable<State> = JsonValue, Action extends Jsonable<Action> = JsonValue>(
  store: Pick<AsyncStore, 'agent'> | undefined,
  id: string,
  configuration: Partial<LearnerConfiguration> = {},
): AgentState<State, Action> {
  const open = store && (() => store.agent<State, Action>(id, configuration))
  return useSource(() => agentSource(open), [store, id, JSON.stringify(configuration)])
}

/**
 * A copy of an agent's policy (`agent.policy`), which chooses without waiting and follows the store while the component is mounted. The
 * component does not render again when a value changes; `useLive` does. Without an agent, and on a server, the state is `opening`.
 */
export function usePolicy<State, Action>(
  agent: Pick<AsyncAgent<State, Action>, 'policy'> | undefined,
  options: { readonly seed?: number } = {},
): PolicyState<State, Action> {
  return useSource(() => policySource(agent && (() => agent.policy(options))), [agent, options.seed])
}

/**
 * Decides by an agent's policy (`agent.decide`) when the component is mounted, and again when the agent, the content of the state or of the
 * actions, the id or one of `deps` changes; under StrictMode too, each decision is made and recorded once. `reward` of the result gives the
 * shown decision its reward. A decision that gets none stays open until the agent's `rewardWithinMs` are over. Without an agent, and on a
 * server, the status is `deciding` and nothing is recorded.
 */
export function useDecision<State, Action, Offered extends Action = Action>(
  agent: AsyncAgent<State, Action> | undefined,
  state: NoInfer<State>,
  options: DecideOptions<Offered> = {},
  deps: DependencyList = [],
): DecisionState<State, Offered> {
  const content = JSON.stringify([state, options.actions, options.greedy])
  return useSource(() => decisionSource(agent, state, options), [agent, content, options.id, ...deps])
}

/** The state of a source, which is made again only when one of `deps` changes; `useMemo` does not guarantee that. */
function useSource<T>(make: () => Source<T>, deps: DependencyList): T {
  const [made, setMade] = useState(() => ({ deps, source: make() }))
  let { source } = made
  if (made.deps.length !== deps.length || made.deps.some((dep, i) => !Object.is(dep, deps[i]))) {
    source = make()
    setMade({ deps, source })
  }
  return useSyncExternalStore(source.subscribe, source.current, () => source.first)
}
