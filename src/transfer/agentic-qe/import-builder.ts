import type {
  ImportBatch,
  ImportedAgent,
  ImportedExperience,
  ImportedRows,
  ImportedValue,
} from '../../learning/maintenance/import-batch.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'

/** An importBatch in the making. */
export class ImportBuilder {
  readonly #agents = new Map<string, Partial<LearnerConfiguration>>()
  readonly #rows = new Map<string, { table: string; columns: readonly string[]; rows: (readonly SqlValue[])[] }>()
  readonly #skipped = new Map<string, { what: string; reason: string; count: number }>()
  readonly experiences: ImportedExperience[] = []
  readonly values: ImportedValue[] = []
  /** Values that the experiences may stand behind. */
  readonly derivable: ImportedValue[] = []
  readonly notes: string[] = []

  /** What is said later of an agent goes before what was said of it earlier. */
  agent(id: string, configuration: Partial<LearnerConfiguration>): void {
    this.#agents.set(id, { ...this.#agents.get(id), ...configuration })
  }

  row(table: string, columns: readonly string[], row: readonly SqlValue[]): void {
    const form = [table, ...columns].join()
    const taken = this.#rows.get(form)
    if (taken) taken.rows.push(row)
    else this.#rows.set(form, { table, columns, rows: [row] })
  }

  skip(what: string, reason: string, count = 1): void {
    const key = JSON.stringify([what, reason])
    const skipped = this.#skipped.get(key) ?? { what, reason, count: 0 }
    this.#skipped.set(key, { ...skipped, count: skipped.count + count })
  }

  importBatch(): ImportBatch {
    const agents: ImportedAgent[] = [...this.#agents].map(([id, configuration]) => ({ id, configuration }))
    const rows: ImportedRows[] = [...this.#rows.values()]
    const { experiences, values, notes } = this
    return { agents, experiences, values, rows, skipped: [...this.#skipped.values()], notes }
  }
}
