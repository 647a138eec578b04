import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import type {
  ImportBatch,
  ImportedAgent,
  ImportedExperience,
  ImportedRows,
  ImportedTally,
  ImportedValue,
} from '../../learning/maintenance/import-batch.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'

import { PATTERN_COLUMNS } from '../pattern-columns.ts'
/** A strategy of an agent, learned by another program. */
export interface Strategy {
  readonly agentId: string
  readonly patternType: string
  readonly data: JsonValue
  /** In [0, 1], like the success rate. */
  readonly confidence: number
  readonly successRate: number
  readonly uses: number
  /** As a DATETIME column has it; null if unknown. */
  readonly lastUsed: string | null
}

/** Collects what a reader finds, table by table, into an import batch. */
export class ImportBuilder {
  readonly #agents = new Map<string, Partial<LearnerConfiguration>>()
  readonly #rows = new Map<string, { table: string; columns: readonly string[]; rows: (readonly SqlValue[])[] }>()
  readonly skipped: SkippedRecords = new SkippedRecords()
  readonly experiences: ImportedExperience[] = []
  readonly values: ImportedValue[] = []
  /** Values that can possibly be derived from the experiences, so that `read.ts` decides about them at the end. */
  readonly derivable: ImportedValue[] = []
  readonly notes: string[] = []
  readonly #tallies = new Map<string, ImportedTally>()
  readonly #strategies = new Map<string, Strategy>()

  /** Whether nothing was found to import. */
  get isEmpty(): boolean {
    const found = [this.experiences.length, this.values.length, this.derivable.length, this.#rows.size]
    return found.every((count) => count === 0) && this.#strategies.size === 0 && this.#agents.size === 0
  }

  /** Adds an experience. Each is a task of its agent. @param isSuccess Default: whether its reward is above 0. */
  experience(experience: ImportedExperience, isSuccess: boolean = experience.reward > 0): void {
    this.experiences.push(experience)
    const { agentId } = experience
    const { tasks, successes } = this.#tallies.get(agentId) ?? { tasks: 0, successes: 0 }
    this.#tallies.set(agentId, { agentId, tasks: tasks + 1, successes: successes + (isSuccess ? 1 : 0) })
  }

  /** Adds a strategy. @returns the reason if the source has another row of the same strategy. */
  strategy(strategy: Strategy): string | undefined {
    const key = JSON.stringify([strategy.agentId, strategy.patternType, toJson(strategy.data)])
    if (this.#strategies.has(key)) return 'another row has the same strategy'
    this.#strategies.set(key, strategy)
    return undefined
  }

  /** Adds an agent, or overrides fields of its configuration. */
  agent(id: string, configuration: Partial<LearnerConfiguration>): void {
    this.#agents.set(id, { ...this.#agents.get(id), ...configuration })
  }

  row(table: string, columns: readonly string[], row: readonly SqlValue[]): void {
    const key = [table, ...columns].join()
    const known = this.#rows.get(key)
    if (known) known.rows.push(row)
    else this.#rows.set(key, { table, columns, rows: [row] })
  }

  importBatch(): ImportBatch {
    const agents: ImportedAgent[] = [...this.#agents].map(([id, configuration]) => ({ id, configuration }))
    // Last, because a strategy that was read as a row has more of its fields.
    const strategies = [...this.#strategies.values()].map(rowOf)
    if (strategies.length > 0)
      this.#rows.set('strategies', { table: 'patterns', columns: PATTERN_COLUMNS, rows: strategies })
    const rows: ImportedRows[] = [...this.#rows.values()]
    const { experiences, values, skipped, notes } = this
    const tallies = [...this.#tallies.values()]
    return { agents, tallies, experiences, values, rows, skipped: skipped.list(), notes }
  }
}

/** Returns a strategy as a row, shape [PATTERN_COLUMNS]. */
function rowOf(strategy: Strategy): SqlValue[] {
  const { agentId, patternType, data, confidence, successRate, uses, lastUsed } = strategy
  return [agentId, patternType, toJson(data), confidence, successRate, uses, Math.round(successRate * uses), lastUsed]
}
