import { notLoaded } from '../errors.ts'
import type * as plan from './agents/plan.ts'
import type { Core } from './core/core.ts'
import type * as evaluation from './evaluation/evaluation.ts'
import type * as executing from './executions/index.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { Bookkeeping } from './history/index.ts'
import type * as inspection from './inspection/inspection.ts'
import type * as upkeep from './maintenance/index.ts'
import type { Memory } from './memory/memory.ts'
import type { Patterns } from './patterns/patterns.ts'
import type { PatternBank } from './test-patterns/index.ts'

/** What most stores never use: its code is loaded when it is first asked for. */
export interface Parts {
  readonly bookkeeping: Bookkeeping
  readonly evaluation: typeof evaluation
  readonly executing: typeof executing
  readonly fleet: Fleet
  readonly inspection: typeof inspection
  readonly memory: Memory
  readonly patternBank: PatternBank
  readonly patterns: Patterns
  readonly plan: typeof plan
  readonly upkeep: typeof upkeep
}

export type PartName = keyof Parts

/** How each part is made for a store. */
export type PartMakers = { readonly [P in PartName]: (core: Core) => Parts[P] }
export type PartLoaders = { readonly [P in PartName]: () => Promise<PartMakers[P]> }

export const PART_LOADERS: PartLoaders = {
  bookkeeping: async () => {
    const { Bookkeeping } = await import('./history/index.ts')
    return (core) => new Bookkeeping(core)
  },
  evaluation: async () => {
    const part = await import('./evaluation/evaluation.ts')
    return () => part
  },
  executing: async () => {
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
  patternBank: async () => {
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
  upkeep: async () => {
    const part = await import('./maintenance/index.ts')
    return () => part
  },
}

/** The families, and the acts of a store as a whole and of an agent, that are in a part. */
const PART_OF: ReadonlyMap<string, PartName> = new Map(
  Object.entries({
    ...({ executionPatterns: 'bookkeeping', preferences: 'bookkeeping', metrics: 'bookkeeping' } as const),
    ...({ learningHistory: 'bookkeeping', learningMetrics: 'bookkeeping' } as const),
    ...({ testPatterns: 'patternBank', memory: 'memory', fleet: 'fleet', patterns: 'patterns' } as const),
    ...({ learnFromExecution: 'executing', statistics: 'executing', plan: 'plan' } as const),
    ...({ isEnabled: 'executing', setEnabled: 'executing' } as const),
    ...({ evaluatePolicy: 'evaluation', loggedSituations: 'evaluation' } as const),
    ...({ tables: 'inspection', rows: 'inspection', query: 'inspection', verify: 'inspection' } as const),
  }),
)

/** An act by its name, and the path of what it is called on. */
export interface NamedAct {
  readonly on: string
  readonly method: string
}

/** The parts of one store: which are there, and how the others get there. */
export class StoreParts {
  readonly #core: Core
  readonly #loaders: PartLoaders
  readonly #makers: { -readonly [P in PartName]?: PartMakers[P] }
  readonly #made: { -readonly [P in PartName]?: Parts[P] } = {}
  readonly #loading = new Map<PartName, Promise<void>>()
  readonly #failures = new Map<PartName, unknown>()

  /** @param makers those whose code is there from the start. */
  constructor(core: Core, makers: Partial<PartMakers>, loaders: PartLoaders) {
    this.#core = core
    this.#makers = { ...makers }
    this.#loaders = loaders
  }

  /** @throws WORKER_LOST where its code is not there. */
  get<P extends PartName>(name: P): Parts[P] {
    const made: Parts[P] | undefined = this.#made[name]
    return made ?? this.#make(name)
  }

  /** Undefined where nothing has asked for it yet. */
  used<P extends PartName>(name: P): Parts[P] | undefined {
    return this.#made[name]
  }

  /**
   * Undefined where everything is there that these acts need, and so once it was loaded: then nobody waits. Otherwise resolves, and never
   * rejects, when what was missing is there or could not be loaded; `get` then tells why, and the next who asks tries again.
   */
  ready(acts: readonly NamedAct[]): Promise<void> | undefined {
    let missing: Set<PartName> | undefined
    for (const act of acts) {
      const name = partOf(act)
      if (name !== undefined && !this.#makers[name]) missing = (missing ?? new Set<PartName>()).add(name)
    }
    return missing && this.load(...missing)
  }

  /** Resolves as `ready` does. */
  async load(...names: readonly PartName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#loading.get(name) ?? this.#load(name)))
  }

  #load(name: PartName): Promise<void> | undefined {
    if (this.#makers[name]) return undefined
    const loading = this.#fetch(name).finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }

  async #fetch<P extends PartName>(name: P): Promise<void> {
    try {
      const maker: { -readonly [Q in PartName]?: PartMakers[Q] } = this.#makers
      maker[name] = await this.#loaders[name]()
      this.#failures.delete(name)
    } catch (cause) {
      this.#failures.set(name, cause)
    }
  }

  #make<P extends PartName>(name: P): Parts[P] {
    const make: PartMakers[P] | undefined = this.#makers[name]
    if (!make) throw notLoaded(name, this.#failures.get(name) ?? 'nothing')
    const made: Parts[P] = make(this.#core)
    this.#made[name] = made
    return made
  }
}

function partOf({ on, method }: NamedAct): PartName | undefined {
  if (on === 'store' || on === 'agent') return PART_OF.get(method)
  const dot = on.indexOf('.')
  return PART_OF.get(dot < 0 ? on : on.slice(0, dot))
}
