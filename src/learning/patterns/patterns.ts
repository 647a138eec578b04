import { checkCount, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { PatternsTable } from '../../tables/patterns.ts'
import type { Core } from '../core/core.ts'
import { type FailurePattern, type Pattern, ranked, strategyType, toFailurePattern, toPattern } from './pattern.ts'
import { checkUse, recordUse, type StrategyUse, type UsedStrategy } from './strategy-use.ts'

/** Which patterns to answer; all of these hold for each. */
export interface ListPatternsOptions {
  readonly agentId?: string
  readonly taskType?: string
  readonly minConfidence?: number
  readonly minSuccessRate?: number
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** Which failures to answer. */
export interface ListFailuresOptions {
  readonly agentId?: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

const LIST_FIELDS = ['agentId', 'taskType', 'minConfidence', 'minSuccessRate', 'limit', 'offset'] as const

/** Strategies that proved themselves, by agent, and what goes wrong. */
export class Patterns {
  readonly #core: Core
  readonly #table: PatternsTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new PatternsTable(core.connection)
  }

  /**
   * Counts a use of a strategy, and makes it a pattern when its success rate is above the threshold. A failure counts also
   * for the failure pattern of the task type. @throws INVALID_ARGUMENT
   */
  recordUse(use: StrategyUse): UsedStrategy {
    const checked = checkUse(use)
    return this.#core.transaction(() => recordUse(this.#core, checked))
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT */
  get(id: number): Pattern | undefined {
    const row = this.#table.get(checkCount(id, 'id', 1))
    return row && toPattern(row)
  }

  /** The best first: by the lower bound of the success rate. */
  list(options: ListPatternsOptions = {}): Pattern[] {
    const { agentId = null, taskType, ...rest } = checkOptions(options, 'the options', LIST_FIELDS)
    const { minConfidence = 0, minSuccessRate = 0, limit = 100, offset = 0 } = rest
    checkNumber(minConfidence, 'minConfidence', 0, 1)
    checkNumber(minSuccessRate, 'minSuccessRate', 0, 1)
    const from = checkCount(offset, 'offset', 0)
    const found = this.#table
      .list(
        agentId === null ? null : checkName(agentId, 'agentId'),
        taskType === undefined ? null : strategyType(checkName(taskType, 'taskType')),
      )
      .filter((row) => row.confidence >= minConfidence && row.successRate >= minSuccessRate)
    return ranked(found.map(toPattern)).slice(from, from + checkCount(limit, 'limit', 0))
  }

  /** What goes wrong, the most frequent first. */
  listFailures(options: ListFailuresOptions = {}): FailurePattern[] {
    const {
      agentId = null,
      limit = 100,
      offset = 0,
    } = checkOptions(options, 'the options', [...(['agentId', 'limit', 'offset'] as const)])
    const whose = agentId === null ? null : checkName(agentId, 'agentId')
    return this.#table
      .failures(whose, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
      .map(toFailurePattern)
  }
}
