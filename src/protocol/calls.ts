import type { Caller } from '../algorithms/access.ts'
import type { Collection } from '../collections.ts'
import type { Agent } from '../learning/agents/agent.ts'
import type { Operation, OperationKind } from '../learning/core/batch.ts'
import type { LearningStore } from '../learning/learning-store.ts'
import type { CallerMemory } from '../learning/memory/caller-memory.ts'

/** The read operations of the store itself. */
export type WholeStoreName = 'tables' | 'rows' | 'query' | 'verify'

type MethodsOf<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: OperationKind }

/** The groups of operations within a collection, each named by its path. */
type Groups<F extends string, T> = {
  readonly [G in keyof T as T[G] extends string | ((...args: never[]) => unknown)
    ? never
    : `${F}.${G & string}`]: MethodsOf<T[G]>
}

const RECORDS = {
  create: 'not-idempotent',
  get: 'read',
  list: 'read',
  update: 'idempotent',
  delete: 'not-idempotent',
} as const

const DECISIONS = { get: 'read', list: 'read', count: 'read' } as const

const EXPERIENCES = {
  add: 'idempotent',
  get: 'read',
  list: 'read',
  count: 'read',
  delete: 'not-idempotent',
  rewardHistory: 'read',
} as const

/**
 * Every operation that a client offers. The type requires all public methods of the synchronous store, so that none is
 * forgotten.
 */
export const OPERATIONS: {
  readonly [F in Collection]: MethodsOf<Omit<LearningStore[F], 'as'>>
} & Groups<'agent', Agent> &
  Groups<'memory', LearningStore['memory']> &
  Groups<'fleet', LearningStore['fleet']> & {
    readonly agent: MethodsOf<Agent>
    readonly 'memory.as': MethodsOf<CallerMemory>
    readonly store: MethodsOf<
      Pick<LearningStore, 'agent' | 'resetAgent' | 'evaluatePolicy' | 'loggedSituations' | WholeStoreName>
    >
    /** Operations of the host, not of the store. They travel with the others to keep the order of calls. */
    readonly host: { readonly [K in 'status' | 'flush' | 'refresh']: OperationKind }
  } = {
  host: { status: 'read', flush: 'not-idempotent', refresh: 'read' },
  store: {
    agent: 'idempotent',
    evaluatePolicy: 'read',
    loggedSituations: 'read',
    resetAgent: 'idempotent',
    tables: 'read',
    rows: 'read',
    query: 'read',
    verify: 'read',
  },
  'agent.experiences': EXPERIENCES,
  'agent.decisions': DECISIONS,
  'agent.values': { get: 'read', getMany: 'read', list: 'read' },
  agent: {
    status: 'read',
    selectAction: 'read',
    decide: 'idempotent',
    reward: 'idempotent',
    recommend: 'read',
    explain: 'read',
    getStatistics: 'read',
    learn: 'idempotent',
    learnMany: 'idempotent',
    learnFromExecution: 'idempotent',
    replay: 'not-idempotent',
    plan: 'idempotent',
    setLearningEnabled: 'idempotent',
    isLearningEnabled: 'read',
  },
  agents: { get: 'read', list: 'read' },
  experiences: EXPERIENCES,
  decisions: DECISIONS,
  values: { get: 'read', getMany: 'read', list: 'read', listByState: 'read', linearModel: 'read' },
  executionPatterns: {
    add: 'not-idempotent',
    addMany: 'not-idempotent',
    recordRun: 'not-idempotent',
    setConfidence: 'idempotent',
    prune: 'not-idempotent',
    list: 'read',
    get: 'read',
    recommend: 'read',
    count: 'read',
    summary: 'read',
  },
  patterns: { recordUse: 'not-idempotent', get: 'read', list: 'read', listFailures: 'read' },
  learningHistory: { add: 'not-idempotent', list: 'read' },
  learningMetrics: { add: 'not-idempotent', list: 'read' },
  preferences: { set: 'idempotent', recordUse: 'not-idempotent', delete: 'not-idempotent', list: 'read' },
  metrics: { add: 'not-idempotent', list: 'read', count: 'read', prune: 'not-idempotent' },
  memory: { prune: 'not-idempotent' },
  'memory.as': {
    set: 'idempotent',
    get: 'read',
    list: 'read',
    search: 'read',
    setLifetime: 'idempotent',
    delete: 'not-idempotent',
    grant: 'idempotent',
    revoke: 'idempotent',
    block: 'idempotent',
    unblock: 'idempotent',
    getAccess: 'read',
  },
  'memory.hints': RECORDS,
  'memory.patterns': RECORDS,
  'memory.metrics': RECORDS,
  'memory.crossSession': { set: 'idempotent', get: 'read', list: 'read', delete: 'not-idempotent' },
  fleet: {},
  'fleet.fleets': RECORDS,
  'fleet.agents': RECORDS,
  'fleet.registry': RECORDS,
  'fleet.tasks': RECORDS,
  'fleet.sessions': { ...RECORDS, checkpoint: 'not-idempotent', resume: 'idempotent' },
  'fleet.events': RECORDS,
  'fleet.artifacts': RECORDS,
  'fleet.metrics': RECORDS,
  'fleet.workflows': RECORDS,
  'fleet.proposals': { ...RECORDS, vote: 'idempotent' },
  'fleet.goals': RECORDS,
  'fleet.actions': RECORDS,
  'fleet.plans': RECORDS,
  'fleet.cycles': RECORDS,
  testPatterns: {
    rebuildTextIndex: 'idempotent',
    upsert: 'idempotent',
    upsertMany: 'idempotent',
    update: 'idempotent',
    delete: 'not-idempotent',
    recordUse: 'not-idempotent',
    shareAcrossProjects: 'idempotent',
    saveSimilarPairs: 'idempotent',
    setEmbedding: 'idempotent',
    deleteEmbedding: 'not-idempotent',
    get: 'read',
    getBySignature: 'read',
    list: 'read',
    count: 'read',
    search: 'read',
    listUsage: 'read',
    getStatistics: 'read',
    getBankStatistics: 'read',
    listMappings: 'read',
    analytics: 'read',
    getFrameworkStatistics: 'read',
    qualityReport: 'read',
    findSimilar: 'read',
    listSimilarPairs: 'read',
    getEmbedding: 'read',
    listEmbedders: 'read',
    findNearest: 'read',
  },
}

/** An operation as it travels: the object it is called on, its name and its arguments. */
export interface Call {
  readonly on: keyof typeof OPERATIONS
  readonly method: string
  readonly args: readonly unknown[]
  /** The agent of a call on an agent. */
  readonly agentId?: string
  /** The caller of a call on the shared memory. */
  readonly caller?: Caller
}

/** The kind of an operation; undefined if no client offers it. */
export function kindOf({ on, method }: Call): OperationKind | undefined {
  const operations: { readonly [method: string]: OperationKind } | undefined = Object.hasOwn(OPERATIONS, on)
    ? OPERATIONS[on]
    : undefined
  return operations && Object.hasOwn(operations, method) ? operations[method] : undefined
}

/** The call as the store runs it. */
export function operationOf(call: Call): Operation {
  return { ...call, kind: kindOf(call) }
}
