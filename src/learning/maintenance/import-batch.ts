import type { JsonValue } from '../../json-value.ts'
import type { SqlValue } from '../../sql/connection.ts'
import type { LearnerConfiguration } from '../../tables/learners.ts'

/** A learner that comes from elsewhere. One that is here already keeps its configuration. */
export interface ImportedAgent {
  readonly id: string
  readonly configuration: Partial<LearnerConfiguration>
}

/** An experience from elsewhere. States and actions are as their source has them: keys are made here. */
export interface ImportedExperience {
  readonly agentId: string
  /** The same for the same experience each time it is read, so that it is taken in once. */
  readonly id: string
  readonly taskId: string | null
  readonly taskType: string
  readonly state: JsonValue
  readonly action: JsonValue
  readonly reward: number
  readonly nextState: JsonValue
  readonly terminated: boolean
  readonly truncated: boolean
  readonly episodeId: string | null
  /** UTC, `YYYY-MM-DD HH:MM:SS`; null where its source does not say. */
  readonly timestamp: string | null
  readonly behaviorProbability: number | null
  readonly actions: readonly JsonValue[] | null
}

/** A learned value from elsewhere, for sources that keep no experiences behind it. */
export interface ImportedValue {
  readonly agentId: string
  readonly state: JsonValue
  readonly action: JsonValue
  readonly value: number
  readonly visits: number
}

/** Rows of one of our tables, taken as they are: a row whose key is here already is left alone. */
export interface ImportedRows {
  readonly table: string
  readonly columns: readonly string[]
  /** Shape [rows][columns]. */
  readonly rows: readonly (readonly SqlValue[])[]
}

/** What came of one kind of record. */
export interface ImportCount {
  /** A table, or a kind of record. */
  readonly what: string
  readonly added: number
  /** Records that were here already and are as they were. */
  readonly known: number
}

/** What of a source is not taken, and why. */
export interface SkippedRecord {
  /** A table, or a kind of record. */
  readonly what: string
  /** 0 where its rows were not counted: those of a view, say. */
  readonly count: number
  readonly reason: string
}

/** Everything that a source holds, in terms of this store. */
export interface ImportBatch {
  readonly agents: readonly ImportedAgent[]
  readonly experiences: readonly ImportedExperience[]
  readonly values: readonly ImportedValue[]
  readonly rows: readonly ImportedRows[]
  readonly skipped: readonly SkippedRecord[]
  /** What a person should know of it, in whole sentences. */
  readonly notes: readonly string[]
}

export const EMPTY_IMPORT: ImportBatch = { agents: [], experiences: [], values: [], rows: [], skipped: [], notes: [] }
