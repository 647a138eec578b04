import type { Connection, SqlValue } from '../sql/connection.ts'
import {
  CONFIGURATION_FIELD_LIST,
  configurationOf,
  type LearnerConfiguration,
  toColumn,
} from './learner-configuration.ts'

/** What changes while an agent learns. */
export interface LearnerProgress {
  /** Decayed exploration rate. */
  readonly currentExplorationRate: number
  readonly experienceCount: number
  /** Number of squared deviations of targets from the values that they moved. */
  readonly deviationCount: number
  /** Their sum. */
  readonly deviationSquares: number
  /** State of the agent's random generator, see `Random.state`. */
  readonly randomState: string
}

/** A row of `learning_agents`. */
export interface LearnerRow extends LearnerConfiguration, LearnerProgress {
  readonly agentId: string
  /** Time of the last change of the configuration, UTC text; empty if it was never set. */
  readonly configuredAt: string
}

const PROGRESS_FIELDS: { readonly [F in keyof LearnerProgress]: string } = {
  currentExplorationRate: 'current_exploration_rate',
  experienceCount: 'experience_count',
  deviationCount: 'deviation_count',
  deviationSquares: 'deviation_squares',
  randomState: 'random_state',
}
const PROGRESS_FIELD_LIST = Object.entries(PROGRESS_FIELDS) as [keyof LearnerProgress, string][]
const PROGRESS_COLUMNS = PROGRESS_FIELD_LIST.map(([, column]) => column)

const COLUMNS = [
  ...CONFIGURATION_FIELD_LIST.flatMap(([, { column, highColumn }]) =>
    highColumn === undefined ? [column] : [column, highColumn],
  ),
  'configured_at',
  ...PROGRESS_COLUMNS,
]

const BY_ID = `SELECT ${COLUMNS.join(', ')} FROM learning_agents WHERE agent_id = ?`

const PUT = `INSERT INTO learning_agents (updated_at, created_at, agent_id, ${COLUMNS.join(', ')})
  VALUES (?1, ?1, ?2, ${COLUMNS.map((_, i) => `?${i + 3}`).join(', ')})
  ON CONFLICT (agent_id) DO UPDATE SET updated_at = excluded.updated_at,
    ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`

const PUT_PROGRESS = `UPDATE learning_agents SET ${PROGRESS_COLUMNS.map((column) => `${column} = ?`).join(', ')},
    updated_at = ? WHERE agent_id = ?`

/** Learning agents: their configuration and progress. */
export class LearnersTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(agentId: string): LearnerRow | undefined {
    const columns = this.#connection.get<SqlValue[]>(BY_ID, [agentId])
    if (!columns) return undefined
    const cell = (column: string): SqlValue => columns[COLUMNS.indexOf(column)] ?? null
    const progress = Object.fromEntries(PROGRESS_FIELD_LIST.map(([field, column]) => [field, cell(column)]))
    return {
      ...configurationOf(cell),
      agentId,
      configuredAt: cell('configured_at'),
      ...progress,
    } as unknown as LearnerRow
  }

  /** Number of removed experiences of an agent. */
  removedCount(agentId: string): number {
    return (
      this.#connection.get<[number]>('SELECT removed_count FROM learning_agents WHERE agent_id = ?', [agentId])?.[0] ??
      0
    )
  }

  setRemovedCount(agentId: string, count: number): void {
    this.#connection.run('UPDATE learning_agents SET removed_count = ? WHERE agent_id = ?', [count, agentId])
  }

  ids(): string[] {
    return this.#connection.all<[string]>('SELECT agent_id FROM learning_agents ORDER BY agent_id').map(([id]) => id)
  }

  /** @param time UTC text. */
  put(row: LearnerRow, time: string): void {
    const configuration = CONFIGURATION_FIELD_LIST.flatMap(([field, form]) =>
      form.highColumn === undefined ? [toColumn(row[field], form)] : ((row[field] ?? [null, null]) as SqlValue[]),
    )
    this.#connection.run(PUT, [
      time,
      row.agentId,
      ...configuration,
      row.configuredAt,
      ...progressIn(row, row.randomState),
    ])
  }

  /** Updates the columns that change while an agent learns. @param time UTC text. */
  putProgress(
    row: Omit<LearnerProgress, 'randomState'> & Pick<LearnerRow, 'agentId'>,
    state: string,
    time: string,
  ): void {
    this.#connection.run(PUT_PROGRESS, [...progressIn(row, state), time, row.agentId])
  }
}

function progressIn(row: Omit<LearnerProgress, 'randomState'>, randomState: string): SqlValue[] {
  return PROGRESS_FIELD_LIST.map(([field]) => (field === 'randomState' ? randomState : row[field]))
}
