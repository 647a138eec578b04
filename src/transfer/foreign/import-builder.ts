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
    const rows: ImportedRows[] = [...this.#rows.values()]
    const { experiences, values, skipped, notes } = this
    const tallies = this.#tallies()
    return { agents, tallies, experiences, values, rows, skipped: skipped.list(), notes }
  }

  /** Each experience of agentic-qe is a task, a success if its reward is above 0. */
  #tallies(): ImportedTally[] {
    const tallies = new Map<string, ImportedTally>()
    for (const { agentId, reward } of this.experiences) {
      const { tasks, successes } = tallies.get(agentId) ?? { tasks: 0, successes: 0 }
      tallies.set(agentId, { agentId, tasks: tasks + 1, successes: successes + (reward > 0 ? 1 : 0) })
    }
    return [...tallies.values()]
  }
}
