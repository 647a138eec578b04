import { checkCount, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import type { Core } from '../core/core.ts'
import {
  type FailurePattern,
  isFailure,
  MIN_SUCCESS_RATE,
  type Pattern,
  ranked,
  strategyType,
  toFailurePattern,
  toPattern,
} from './pattern.ts'
import { checkUse, recordUse, type StrategyUse, type UsedStrategy } from './strategy-use.ts'

/** Options of `patterns.list`; all given filters must match. */
export interface ListPatternsOptions {
  /** Only patterns of this agent. */
  readonly agentId?: string
  /** Only patterns for tasks of this type. */
  readonly taskType?: string
  /** Minimum confidence, in [0, 1]. Default: 0. */
  readonly minConfidence?: number
  /** Minimum success rate, in [0, 1]. Default: 0. */
  readonly minSuccessRate?: number
  /** Minimum of `lowerBound`, in [0, 1]; 0 also lists patterns that lack evidence. Default: 0.7. */
  readonly minLowerBound?: number
  /** Maximum number of patterns. Default: 100. */
  readonly limit?: number
  /** Number of patterns to skip. Default: 0. */
  readonly offset?: number
}

/** Options of `patterns.listFailures`. */
export interface ListFailuresOptions {
  /** Only failures of this agent. */
  readonly agentId?: string
  /** Maximum number of patterns. Default: 100. */
  readonly limit?: number
  /** Number of patterns to skip. Default: 0. */
  readonly offset?: number
}

const LIST_FIELDS = [
  'agentId',
  'taskType',
  'minConfidence',
  'minSuccessRate',
  'minLowerBound',
  'limit',
  'offset',
] as const

/** Successful strategies of agents, and patterns of failure. */
export class Patterns {
  readonly #core: Core
  readonly #table: PatternsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new PatternsTable(core.connection)
  }

  /**
   * Records a use of a strategy. The strategy becomes a pattern once it has enough uses and the lower bound of its
   * success rate is above the threshold of `discovery`. A failed use is also counted in the failure pattern of its task
   * type.
   *
   * @returns the uses and successes of the strategy, and its pattern if it is one.
   * @throws INVALID_ARGUMENT
   */
  recordUse(use: StrategyUse): UsedStrategy {
    const checked = checkUse(use)
    return this.#core.transaction(() => recordUse(this.#core, checked))
  }

  /**
   * Returns one pattern, also one that lacks evidence.
   *
   * @returns undefined if there is none with this id, or if it is a failure pattern.
   * @throws INVALID_ARGUMENT
   */
  get(id: number): Pattern | undefined {
    const row = this.#table.get(checkCount(id, 'id', 1))
    return row && !isFailure(row) ? toPattern(row) : undefined
  }

  /**
   * Lists patterns. Those that lack evidence are listed if `minLowerBound` is below 0.7, failure patterns never.
   *
   * @returns sorted by the lower bound of the success rate, best first.
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * const use = { agentId: 'tester', taskType: 'unit-test', strategy: 'boundary values', success: true }
   * for (let i = 0; i < 10; i++) await store.patterns.recordUse(use)
   * const [best] = await store.patterns.list({ agentId: 'tester', taskType: 'unit-test' })
   * console.log(best?.patternData, best?.successRate) // boundary values 1
   * await store.close()
   * ```
   */
  list(options: ListPatternsOptions = {}): Pattern[] {
    const { agentId = null, taskType, ...rest } = checkOptions(options, 'the options', LIST_FIELDS)
    const { minConfidence = 0, minSuccessRate = 0, minLowerBound = MIN_SUCCESS_RATE, limit = 100, offset = 0 } = rest
    checkNumber(minConfidence, 'minConfidence', 0, 1)
    checkNumber(minSuccessRate, 'minSuccessRate', 0, 1)
    checkNumber(minLowerBound, 'minLowerBound', 0, 1)
    const from = checkCount(offset, 'offset', 0)
    const found = this.#table
      .list(
        agentId === null ? null : checkName(agentId, 'agentId'),
        taskType === undefined ? null : strategyType(checkName(taskType, 'taskType')),
      )
      .filter((row) => row.confidence >= minConfidence && row.successRate >= minSuccessRate)
    const patterns = found.map((row) => toPattern(row)).filter(({ lowerBound }) => lowerBound >= minLowerBound)
    return ranked(patterns).slice(from, from + checkCount(limit, 'limit', 0))
  }

  /**
   * Lists failure patterns.
   *
   * @returns the most frequent first.
   * @throws INVALID_ARGUMENT
   */
  listFailures(options: ListFailuresOptions = {}): FailurePattern[] {
    const fields = ['agentId', 'limit', 'offset'] as const
    const { agentId = null, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    if (agentId !== null) checkName(agentId, 'agentId')
    return this.#table
      .failures(agentId, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
      .map(toFailurePattern)
  }
}
