import type { ExperienceData } from '../../experience-fields.ts'
import type { JsonValue } from '../../json-value.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { LearnerConfiguration } from '../../tables/learner-configuration.ts'
import type { Tally } from '../executions/tally.ts'

/** An agent to import. An existing agent keeps its configuration. */
export interface ImportedAgent {
  readonly id: string
  readonly configuration: Partial<LearnerConfiguration>
}

/**
 * An experience to import. It has the same id each time it is read, so that it is imported once. The time is as a
 * DATETIME column has it; null if the source has none.
 */
export interface ImportedExperience extends ExperienceData {}

/** A learned value to import, for sources without experiences. */
export interface ImportedValue {
  readonly agentId: string
  readonly state: JsonValue
  readonly action: JsonValue
  readonly value: number
  readonly visits: number
  /** When the value was last updated, as a DATETIME column has it. Default: the time of the import. */
  readonly lastUpdated?: string | null
}

/** Rows of one of our tables to import unchanged. Rows whose key exists are not changed. */
export interface ImportedRows {
  readonly table: string
  readonly columns: readonly string[]
  /** Shape [rows][columns]. */
  readonly rows: readonly (readonly SqlValue[])[]
}

/** Number of imported records of one kind. */
export interface ImportCount {
  /** The table or kind of record. */
  readonly what: string
  /** Number of added records. */
  readonly added: number
  /** Number of records that the store already had; they are unchanged. */
  readonly known: number
}

/** Records of a source that were not imported. */
export interface SkippedRecord {
  /** The table or kind of record. */
  readonly what: string
  /** Number of records; 0 if they were not counted, as for a view. */
  readonly count: number
  /** The reason. */
  readonly reason: string
}

/** How many tasks an agent has executed, and how many of them with success. */
export interface ImportedTally extends Tally {
  readonly agentId: string
}

/** The content of a source, in the terms of this store. */
export interface ImportBatch {
  readonly agents: readonly ImportedAgent[]
  /** Counted for agents of which the store knows no task. */
  readonly tallies?: readonly ImportedTally[]
  readonly experiences: readonly ImportedExperience[]
  /** The experiences for which the source has neither an id nor a time, with the id that their content alone gives them. */
  readonly unidentified?: ReadonlyMap<ImportedExperience, string>
  readonly values: readonly ImportedValue[]
  readonly rows: readonly ImportedRows[]
  readonly skipped: readonly SkippedRecord[]
  /** Remarks in whole sentences, for display. */
  readonly notes: readonly string[]
}

export const EMPTY_IMPORT: ImportBatch = { agents: [], experiences: [], values: [], rows: [], skipped: [], notes: [] }
