import { StoreError } from '../errors.ts'
import type { Agent } from '../learning/agent.ts'
import type { LearningStore } from '../learning/learning-store.ts'

/** The families of a store that are reached through it. */
export type FamilyName =
  | 'experiences'
  | 'values'
  | 'executionPatterns'
  | 'patterns'
  | 'learningHistory'
  | 'learningMetrics'
  | 'preferences'
  | 'metrics'

/** What is asked of a store as a whole, changing nothing. */
export type WholeStoreName = 'agentIds' | 'tables' | 'query' | 'verify'

type MethodsOf<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: Kind }

/**
 * `read`: changes no rows. `again`: may be sent again when its worker died before it answered, because doing it twice is
 * doing it once (an experience carries an id). `once`: may not.
 */
type Kind = 'read' | 'again' | 'once'

/** Every act that a face offers. The type asks for all public methods of the synchronous store, so none is forgotten. */
export const ACTS: {
  readonly [F in FamilyName]: MethodsOf<LearningStore[F]>
} & {
  readonly agent: MethodsOf<Agent>
  readonly store: MethodsOf<
    Pick<
      LearningStore,
      'agent' | 'resetAgent' | 'rebuildTextIndex' | 'evaluatePolicy' | 'loggedSituations' | WholeStoreName
    >
  >
  /** What the host answers and not its store; they travel with the others, so that they come after what was asked before. */
  readonly host: { readonly status: Kind; readonly flush: Kind }
} = {
  host: { status: 'read', flush: 'once' },
  store: {
    ...{ agent: 'again', agentIds: 'read', evaluatePolicy: 'read', loggedSituations: 'read' },
    ...{ resetAgent: 'again', rebuildTextIndex: 'again', tables: 'read', query: 'read', verify: 'read' },
  },
  agent: {
    ...{ status: 'read', selectAction: 'read', recommendStrategy: 'read', statistics: 'read' },
    ...{ learn: 'again', learnMany: 'again', learnFromExecution: 'again', replay: 'once', plan: 'again' },
    ...{ setEnabled: 'again', isEnabled: 'read' },
  },
  experiences: { record: 'again', get: 'read', list: 'read', count: 'read' },
  values: { of: 'read', ofMany: 'read', list: 'read', byState: 'read' },
  executionPatterns: {
    ...{ store: 'once', storeMany: 'once', track: 'once', updateWeight: 'again', removeOlder: 'once' },
    ...{ retrieve: 'read', get: 'read', recommend: 'read', count: 'read', summary: 'read', cacheStatus: 'read' },
  },
  patterns: { recordUse: 'once', get: 'read', list: 'read', top: 'read', failures: 'read' },
  learningHistory: { append: 'once', list: 'read' },
  learningMetrics: { append: 'once', list: 'read' },
  preferences: { set: 'again', use: 'once', remove: 'once', list: 'read' },
  metrics: { append: 'once', history: 'read', count: 'read', removeOlder: 'once' },
}

/** One act as it travels: what it is called on, its name, its arguments. */
export interface Call {
  readonly on: keyof typeof ACTS
  readonly method: string
  readonly args: readonly unknown[]
  /** Where it is called on an agent. */
  readonly agentId?: string
}

/** Undefined where no face offers such a method. */
export function kindOf({ on, method }: Call): Kind | undefined {
  const acts: { readonly [method: string]: Kind } | undefined = Object.hasOwn(ACTS, on) ? ACTS[on] : undefined
  return acts && Object.hasOwn(acts, method) ? acts[method] : undefined
}

/** Runs a call on a store; those on the host are not for it. An agent is answered as nothing: the caller knows its id. */
export function perform(store: LearningStore, call: Call): unknown {
  const { on, method, args, agentId = '' } = call
  if (on === 'host') return undefined
  if (kindOf(call) === undefined) {
    throw new StoreError('INVALID_ARGUMENT', `Expected a method of a store, got ${String(on)}.${String(method)}`)
  }
  const target = on === 'store' ? store : on === 'agent' ? store.agentOf(agentId) : store[on]
  const act = Reflect.get(target, method) as (...args: unknown[]) => unknown
  const isRead = kindOf(call) === 'read'
  const answer = store.stopwatch.time(`${on}.${method}`, isRead, () => act.apply(target, [...args]))
  return on === 'store' && method === 'agent' ? undefined : answer
}
