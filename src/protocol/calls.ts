import { StoreError } from '../errors.ts'
import type { Agent } from '../learning/agents/agent.ts'
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
  | 'memory'
  | 'fleet'
  | 'testPatterns'

/** What is asked of a store as a whole, changing nothing. */
export type WholeStoreName = 'agentIds' | 'tables' | 'rows' | 'query' | 'verify'

type MethodsOf<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: Kind }

/** The groups of acts that a family has, each named by its path. */
type Groups<F extends string, T> = {
  readonly [G in keyof T as T[G] extends (...args: never[]) => unknown ? never : `${F}.${G & string}`]: MethodsOf<T[G]>
}

/**
 * `read`: changes no rows. `again`: may be sent again when its worker died before it answered, because doing it twice is
 * doing it once (an experience carries an id). `once`: may not.
 */
type Kind = 'read' | 'again' | 'once'

const RECORDS = { create: 'once', get: 'read', list: 'read', update: 'again', remove: 'once' } as const

/** Every act that a face offers. The type asks for all public methods of the synchronous store, so none is forgotten. */
export const ACTS: {
  readonly [F in FamilyName]: MethodsOf<LearningStore[F]>
} & Groups<'memory', LearningStore['memory']> &
  Groups<'fleet', LearningStore['fleet']> & {
    readonly agent: MethodsOf<Agent>
    readonly store: MethodsOf<
      Pick<LearningStore, 'agent' | 'resetAgent' | 'evaluatePolicy' | 'loggedSituations' | WholeStoreName>
    >
    /** What the host answers and not its store; they travel with the others, so that they come after what was asked before. */
    readonly host: { readonly status: Kind; readonly flush: Kind }
  } = {
  host: { status: 'read', flush: 'once' },
  store: {
    ...{ agent: 'again', agentIds: 'read', evaluatePolicy: 'read', loggedSituations: 'read' },
    ...{ resetAgent: 'again', tables: 'read', rows: 'read', query: 'read', verify: 'read' },
  },
  agent: {
    ...{ status: 'read', selectAction: 'read', recommendStrategy: 'read', statistics: 'read' },
    ...{ learn: 'again', learnMany: 'again', learnFromExecution: 'again', replay: 'once', plan: 'again' },
    ...{ setEnabled: 'again', isEnabled: 'read' },
  },
  experiences: { record: 'again', get: 'read', list: 'read', count: 'read', rewards: 'read' },
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
  memory: {
    ...{ set: 'again', get: 'read', list: 'read', remove: 'once', access: 'read', cleanup: 'once' },
    ...{ grant: 'again', revoke: 'again', block: 'again', unblock: 'again' },
  },
  'memory.hints': RECORDS,
  'memory.patterns': RECORDS,
  'memory.metrics': RECORDS,
  'memory.crossSession': { set: 'again', get: 'read', list: 'read', remove: 'once' },
  fleet: {},
  'fleet.fleets': RECORDS,
  'fleet.agents': RECORDS,
  'fleet.registry': RECORDS,
  'fleet.tasks': RECORDS,
  'fleet.sessions': { ...RECORDS, checkpoint: 'once', resume: 'again' },
  'fleet.events': RECORDS,
  'fleet.artifacts': RECORDS,
  'fleet.metrics': RECORDS,
  'fleet.workflows': RECORDS,
  'fleet.proposals': { ...RECORDS, vote: 'again' },
  'fleet.goals': RECORDS,
  'fleet.actions': RECORDS,
  'fleet.plans': RECORDS,
  'fleet.cycles': RECORDS,
  testPatterns: {
    rebuildTextIndex: 'again',
    ...{ store: 'again', storeMany: 'again', update: 'again', remove: 'once', recordUse: 'once' },
    ...{ shareAcrossProjects: 'again', keepSimilar: 'again', setEmbedding: 'again', removeEmbedding: 'once' },
    ...{ get: 'read', forSignature: 'read', list: 'read', count: 'read', search: 'read', usage: 'read' },
    ...{ statistics: 'read', stats: 'read', mappings: 'read', analytics: 'read', frameworkStats: 'read' },
    ...{ qualityReport: 'read', findSimilar: 'read', similarPairs: 'read', embedding: 'read', embedders: 'read' },
    nearest: 'read',
  },
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
  const target = on === 'store' ? store : on === 'agent' ? store.agentOf(agentId) : at(store, on)
  const act = Reflect.get(target, method) as (...args: unknown[]) => unknown
  const isRead = kindOf(call) === 'read'
  const answer = store.stopwatch.time(`${on}.${method}`, isRead, () => act.apply(target, [...args]))
  return on === 'store' && method === 'agent' ? undefined : answer
}

/** What lies at a path of ACTS. */
function at(store: LearningStore, path: string): object {
  return path.split('.').reduce<object>((target, name) => Reflect.get(target, name) as object, store)
}
