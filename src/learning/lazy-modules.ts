import { type Algorithm, isLinear } from '../algorithms/algorithms.ts'
import { moduleLoadFailed } from '../errors.ts'
import type * as plan from './agents/plan.ts'
import type * as recommendation from './agents/recommendation.ts'
import type { Core } from './core/core.ts'
import type { LinearModels } from './core/linear-models.ts'
import type * as replay from './core/replay.ts'
import type { DecisionsModule } from './decisions/index.ts'
import type * as deletion from './deletion.ts'
import type * as evaluation from './evaluation/evaluation.ts'
import type * as executions from './executions/index.ts'
import { isFiltered } from './experiences/experience-filters.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { History } from './history/index.ts'
import type * as inspection from './inspection/inspection.ts'
import type * as maintenance from './maintenance/index.ts'
import type { Memory } from './memory/memory.ts'
import type { Patterns } from './patterns/patterns.ts'
import type { PatternBank } from './test-patterns/index.ts'

/** The lazy modules of a store: code that most stores never use, loaded when first used. */
export interface LazyModuleTypes {
  readonly decisions: DecisionsModule
  readonly history: History
  readonly evaluation: typeof evaluation
  readonly executions: typeof executions
  readonly fleet: Fleet
  readonly inspection: typeof inspection
  readonly linear: LinearModels
  readonly memory: Memory
  readonly testPatterns: PatternBank
  readonly patterns: Patterns
  readonly deletion: typeof deletion
  readonly plan: typeof plan
  readonly recommendation: typeof recommendation
  readonly replay: typeof replay
  readonly maintenance: typeof maintenance
}

export type LazyModuleName = keyof LazyModuleTypes

/** The function that creates each module for a store. */
export type LazyModuleFactories = { readonly [P in LazyModuleName]: (core: Core) => LazyModuleTypes[P] }
/** The modules that are loaded; stores that follow one another share them. */
export type LoadedModules = { [P in LazyModuleName]?: LazyModuleFactories[P] }
export type LazyModuleLoaders = { readonly [P in LazyModuleName]: () => Promise<LazyModuleFactories[P]> }

export const LAZY_MODULE_LOADERS: LazyModuleLoaders = {
  decisions: async () => {
    const { DecisionsModule } = await import('./decisions/index.ts')
    return (core) => new DecisionsModule(core)
  },
  history: async () => {
    const { History } = await import('./history/index.ts')
    return (core) => new History(core)
  },
  evaluation: async () => {
    const module = await import('./evaluation/evaluation.ts')
    return () => module
  },
  executions: async () => {
    const module = await import('./executions/index.ts')
    return () => module
  },
  fleet: async () => {
    const { Fleet } = await import('./fleet/fleet.ts')
    return (core) => new Fleet(core)
  },
  inspection: async () => {
    const module = await import('./inspection/inspection.ts')
    return () => module
  },
  linear: async () => {
    const { CachedLinearModels } = await import('./linear/cached-models.ts')
    return (core) => new CachedLinearModels(core)
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
  deletion: async () => {
    const module = await import('./deletion.ts')
    return () => module
  },
  replay: async () => {
    const module = await import('./core/replay.ts')
    return () => module
  },
  plan: async () => {
    const module = await import('./agents/plan.ts')
    return () => module
  },
  recommendation: async () => {
    const module = await import('./agents/recommendation.ts')
    return () => module
  },
  maintenance: async () => {
    const module = await import('./maintenance/index.ts')
    return () => module
  },
}

/** The module of each collection, store method and agent method that is not in the core. */
const LAZY_MODULE_OF: ReadonlyMap<string, LazyModuleName> = new Map(
  Object.entries({
    decide: 'decisions',
    reward: 'decisions',
    decisions: 'decisions',
    'agent.decisions': 'decisions',
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
    status: 'inspection',
    agents: 'inspection',
    getStatistics: 'executions',
    isLearningEnabled: 'executions',
    setLearningEnabled: 'executions',
    'experiences.delete': 'deletion',
    'agent.experiences.delete': 'deletion',
    resetAgent: 'deletion',
    'experiences.rewardHistory': 'inspection',
    'agent.experiences.rewardHistory': 'inspection',
    plan: 'plan',
    replay: 'replay',
    recommend: 'recommendation',
    explain: 'recommendation',
    evaluatePolicy: 'evaluation',
    loggedSituations: 'evaluation',
    tables: 'inspection',
    rows: 'inspection',
    query: 'inspection',
    verify: 'inspection',
  } as const),
)

/** The operations that need a module only with filters. */
const SEARCHES: ReadonlySet<string> = new Set(
  ['experiences', 'agent.experiences'].flatMap((on) => [`${on}.list`, `${on}.count`]),
)

/** The name of an operation, and the path of the object that has it. */
export interface NamedOperation {
  readonly on: string
  readonly method: string
  readonly agentId?: string
  readonly args?: readonly unknown[]
}

/** The lazy modules of one store: those that are loaded, and the loaders of the others. */
export class LazyModules {
  readonly #core: Core
  readonly #loaders: LazyModuleLoaders
  readonly #factories: LoadedModules
  readonly #instances: { -readonly [P in LazyModuleName]?: LazyModuleTypes[P] } = {}
  readonly #loading = new Map<LazyModuleName, Promise<void>>()
  readonly #failures = new Map<LazyModuleName, unknown>()

  /** @param factories those of modules that are loaded from the start, and of those that are loaded later. */
  constructor(core: Core, factories: LoadedModules, loaders: LazyModuleLoaders) {
    this.#core = core
    this.#factories = factories
    this.#loaders = loaders
  }

  /** @throws WORKER_LOST if the module is not loaded. */
  get<P extends LazyModuleName>(name: P): LazyModuleTypes[P] {
    const instance: LazyModuleTypes[P] | undefined = this.#instances[name]
    return instance ?? this.#create(name)
  }

  /** The modules that are loaded, to be shared with the store that follows this one. */
  get loaded(): LoadedModules {
    return this.#factories
  }

  /** Undefined if the module has not been used yet. */
  ifUsed<P extends LazyModuleName>(name: P): LazyModuleTypes[P] | undefined {
    return this.#instances[name]
  }

  /**
   * Undefined if all modules that these operations need are loaded, so that callers do not have to wait. Otherwise
   * resolves, and never rejects, once the missing ones are loaded or failed to load; `get` then throws the cause, and
   * the next call tries again.
   */
  ready(operations: readonly NamedOperation[]): Promise<void> | undefined {
    let missing: Set<LazyModuleName> | undefined
    for (const operation of operations) {
      const [own, ofAgent] = [lazyModuleOf(operation), this.#lazyModuleOfAgent(operation, operations.length === 1)]
      if (own !== undefined && !this.#factories[own]) missing = (missing ?? new Set<LazyModuleName>()).add(own)
      if (ofAgent !== undefined && !this.#factories[ofAgent]) missing = (missing ?? new Set()).add(ofAgent)
    }
    return missing && this.load(...missing)
  }

  /**
   * The module that an operation needs because of its agent: for a linear model, or to choose by similar states.
   * @param isAlone false if operations before it in the same message may change the agent
   */
  #lazyModuleOfAgent({ on, method, agentId, args }: NamedOperation, isAlone: boolean): LazyModuleName | undefined {
    if (on === 'store') {
      const algorithm = method === 'agent' ? (args?.[1] as { algorithm?: Algorithm } | undefined)?.algorithm : undefined
      if (algorithm && isLinear(algorithm)) return 'linear'
      const evaluated =
        method === 'evaluatePolicy' ? (args?.[0] as { agentId?: unknown } | undefined)?.agentId : undefined
      return typeof evaluated === 'string' && this.#core.hasLinearModel(evaluated) ? 'linear' : undefined
    }
    const first = on === 'values' ? args?.[0] : agentId
    if (typeof first === 'string' && this.#core.hasLinearModel(first)) return 'linear'
    if (agentId === undefined) return undefined
    const chooses = method === 'selectAction' || method === 'decide'
    if (!chooses || this.#factories.recommendation) return undefined
    const needsStates = isAlone ? this.#core.usesSimilarStates(agentId) : this.#core.mayUseSimilarStates(agentId)
    return needsStates ? 'recommendation' : undefined
  }

  /** Resolves as `ready` does. */
  async load(...names: readonly LazyModuleName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#loading.get(name) ?? this.#load(name)))
  }

  #load(name: LazyModuleName): Promise<void> | undefined {
    if (this.#factories[name]) return undefined
    const loading = this.#fetch(name).finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }

  async #fetch<P extends LazyModuleName>(name: P): Promise<void> {
    try {
      const factories: LoadedModules = this.#factories
      factories[name] = await this.#loaders[name]()
      this.#failures.delete(name)
    } catch (cause) {
      this.#failures.set(name, cause)
    }
  }

  #create<P extends LazyModuleName>(name: P): LazyModuleTypes[P] {
    const factory: LazyModuleFactories[P] | undefined = this.#factories[name]
    if (!factory) throw moduleLoadFailed(name, this.#failures.get(name) ?? 'nothing')
    const instance: LazyModuleTypes[P] = factory(this.#core)
    this.#instances[name] = instance
    return instance
  }
}

function lazyModuleOf({ on, method, args }: NamedOperation): LazyModuleName | undefined {
  if (SEARCHES.has(`${on}.${method}`)) {
    const filters = args?.[0]
    return typeof filters === 'object' && filters !== null && isFiltered(filters) ? 'inspection' : undefined
  }
  if (on === 'store' || on === 'agent') return LAZY_MODULE_OF.get(method)
  const dot = on.indexOf('.')
  return (
    LAZY_MODULE_OF.get(`${on}.${method}`) ??
    LAZY_MODULE_OF.get(on) ??
    LAZY_MODULE_OF.get(dot < 0 ? on : on.slice(0, dot))
  )
}
