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
import type { AsyncStore, Queries } from '../../entry/exports.ts'
import { StoreError } from '../../errors.ts'
import { type LearningStoreState, type LiveState, liveSource, storeSource } from './react-sources.ts'
import type { Source } from './source.ts'

export type { LearningStoreState, LiveState }

/** What `LearningStoreProvider` takes. */
export interface LearningStoreProviderProps {
  /** Opens the store. */
  readonly open: () => Promise<AsyncStore>
  /** The store is closed, and `open` called again, when one of these changes. */
  readonly deps?: DependencyList
  readonly children?: ReactNode
}

const ProvidedStore: Context<LearningStoreState | undefined> = createContext<LearningStoreState | undefined>(undefined)

/**
 * The store that `open` opens, for as long as the component is mounted: opened once, also under StrictMode, and closed after the
 * component is gone. When one of `deps` changes it is closed, and `open` is called again. On a server nothing is opened. Where
 * several components need it, `LearningStoreProvider` opens it for all.
 */
export function useLearningStore(open: () => Promise<AsyncStore>, deps: DependencyList = []): LearningStoreState {
  return useSource(() => storeSource(open), deps)
}

/** Opens a store, as `useLearningStore` does, for all components in it. */
export function LearningStoreProvider({ open, deps, children }: LearningStoreProviderProps): ReactElement {
  return createElement(ProvidedStore.Provider, { value: useLearningStore(open, deps) }, children)
}

/** The store of the nearest `LearningStoreProvider` above. @throws INVALID_ARGUMENT where there is none. */
export function useProvidedStore(): LearningStoreState {
  const state = useContext(ProvidedStore)
  if (state === undefined) {
    throw new StoreError('INVALID_ARGUMENT', 'Expected a LearningStoreProvider above the component, got none')
  }
  return state
}

/**
 * What the query answers now and after every change of what it asks, at most once a frame (`store.live`). It is asked anew,
 * beginning with `initial`, when the store or one of `deps` changes; `deps` must name what the query uses of the component. What
 * it rejects with is the state's `error`. While there is no store, and on a server, the state is `asking`.
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

/** The state of a source, which is made anew when one of `deps` changes and never otherwise, which `useMemo` does not promise. */
function useSource<T>(make: () => Source<T>, deps: DependencyList): T {
  const [made, setMade] = useState(() => ({ deps, source: make() }))
  let { source } = made
  if (made.deps.length !== deps.length || made.deps.some((dep, i) => !Object.is(dep, deps[i]))) {
    source = make()
    setMade({ deps, source })
  }
  return useSyncExternalStore(source.subscribe, source.current, () => source.first)
}
