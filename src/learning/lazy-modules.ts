import { notLoaded } from '../errors.ts'
import type * as plan from './agents/plan.ts'
import type { Core } from './core/core.ts'
import type * as evaluation from './evaluation/evaluation.ts'
import type * as executions from './executions/index.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { History } from './history/index.ts'
import type * as inspection from './inspection/inspection.ts'
import type * as maintenance from './maintenance/index.ts'
import type { Memory } from './memory/memory.ts'
import type { Patterns } from './patterns/patterns.ts'
import type { PatternBank } from './test-patterns/index.ts'

/** What most stores never use: its code is loaded when it is first asked for. */
export interface LazyModuleTypes {
  readonly history: History
  readonly evaluation: typeof evaluation
  readonly executions: typeof executions
  readonly fleet: Fleet
  readonly inspection: typeof inspection
  readonly memory: Memory
  readonly testPatterns: PatternBank
  readonly patterns: Patterns
  readonly plan: typeof plan
  readonly maintenance: typeof maintenance
}

export type LazyModuleName = keyof LazyModuleTypes

/** How each part is made for a store. */
export type LazyModuleFactories = { readonly [P in LazyModuleName]: (core: Core) => LazyModuleTypes[P] }
export type LazyModuleLoaders = { readonly [P in LazyModuleName]: () => Promise<LazyModuleFactories[P]> }

export const LAZY_MODULE_LOADERS: LazyModuleLoaders = {
  history: async () => {
    const { History } = await import('./history/index.ts')
    return (core) => new History(core)
  },
  evaluation: async () => {
    const part = await import('./evaluation/evaluation.ts')
    return () => part
  },
  executions: async () => {
    const part = await import('./executions/index.ts')
    return () => part
  },
  fleet: async () => {
    const { Fleet } = await import('./fleet/fleet.ts')
    return (core) => new Fleet(core)
  },
  inspection: async () => {
    const part = await import('./inspection/inspection.ts')
    return () => part
  },
  memory: async () => {
    const { Memory } = await import('./memory/memory.ts')
    return (core) => new Memory(core)
  },
  testPatterns: async () => {
    const { PatternBank } = await import('./test-patterns/index.ts')
    return (core) => new PatternBank(core)
  },
  patterns: async () => {
    const { Patterns } = await import('./patterns/patterns.ts')
    return (core) => new Patterns(core)
  },
  plan: async () => {
    const part = await import('./agents/plan.ts')
    return () => part
  },
  maintenance: async () => {
    const part = await import('./maintenance/index.ts')
    return () => part
  },
}

/** The collections, and the operations of a store as a whole and of an agent, that are in a part. */
const LAZY_MODULE_OF: ReadonlyMap<string, LazyModuleName> = new Map(
  Object.entries({
    executionPatterns: 'history',
    preferences: 'history',
    metrics: 'history',
    learningHistory: 'history',
    learningMetrics: 'history',
    testPatterns: 'testPatterns',
    memory: 'memory',
    fleet: 'fleet',
    patterns: 'patterns',
    learnFromExecution: 'executions',
    getStatistics: 'executions',
    isLearningEnabled: 'executions',
    setLearningEnabled: 'executions',
    plan: 'plan',
    evaluatePolicy: 'evaluation',
    loggedSituations: 'evaluation',
    tables: 'inspection',
    rows: 'inspection',
    query: 'inspection',
    verify: 'inspection',
  } as const),
)

/** An operation by its name, and the path of what it is called on. */
export interface NamedOperation {
  readonly on: string
  readonly method: string
}

/** The parts of one store: which are there, and how the others get there. */
export class LazyModules {
  readonly #core: Core
  readonly #loaders: LazyModuleLoaders
  readonly #makers: { -readonly [P in LazyModuleName]?: LazyModuleFactories[P] }
  readonly #made: { -readonly [P in LazyModuleName]?: LazyModuleTypes[P] } = {}
  readonly #loading = new Map<LazyModuleName, Promise<void>>()
  readonly #failures = new Map<LazyModuleName, unknown>()

  /** @param makers those whose code is there from the start. */
  constructor(core: Core, makers: Partial<LazyModuleFactories>, loaders: LazyModuleLoaders) {
    this.#core = core
    this.#makers = { ...makers }
    this.#loaders = loaders
  }

  /** @throws WORKER_LOST where its code is not there. */
  get<P extends LazyModuleName>(name: P): LazyModuleTypes[P] {
    const made: LazyModuleTypes[P] | undefined = this.#made[name]
    return made ?? this.#make(name)
  }

  /** Undefined where nothing has asked for it yet. */
  used<P extends LazyModuleName>(name: P): LazyModuleTypes[P] | undefined {
    return this.#made[name]
  }

  /**
   * Undefined where everything is there that these operations need, and so once it was loaded: then nobody waits. Otherwise resolves, and never
   * rejects, when what was missing is there or could not be loaded; `get` then tells why, and the next who asks tries again.
   */
  ready(operations: readonly NamedOperation[]): Promise<void> | undefined {
    let missing: Set<LazyModuleName> | undefined
    for (const operation of operations) {
      const name = lazyModuleOf(operation)
      if (name !== undefined && !this.#makers[name]) missing = (missing ?? new Set<LazyModuleName>()).add(name)
    }
    return missing && this.load(...missing)
  }

  /** Resolves as `ready` does. */
  async load(...names: readonly LazyModuleName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#loading.get(name) ?? this.#load(name)))
  }

  #load(name: LazyModuleName): Promise<void> | undefined {
    if (this.#makers[name]) return undefined
    const loading = this.#fetch(name).finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }

  async #fetch<P extends LazyModuleName>(name: P): Promise<void> {
    try {
      const maker: { -readonly [Q in LazyModuleName]?: LazyModuleFactories[Q] } = this.#makers
      maker[name] = await this.#loaders[name]()
      this.#failures.delete(name)
    } catch (cause) {
      this.#failures.set(name, cause)
    }
  }

  #make<P extends LazyModuleName>(name: P): LazyModuleTypes[P] {
    const make: LazyModuleFactories[P] | undefined = this.#makers[name]
    if (!make) throw notLoaded(name, this.#failures.get(name) ?? 'nothing')
    const made: LazyModuleTypes[P] = make(this.#core)
    this.#made[name] = made
    return made
  }
}

function lazyModuleOf({ on, method }: NamedOperation): LazyModuleName | undefined {
  if (on === 'store' || on === 'agent') return LAZY_MODULE_OF.get(method)
  const dot = on.indexOf('.')
  return LAZY_MODULE_OF.get(dot < 0 ? on : on.slice(0, dot))
}
