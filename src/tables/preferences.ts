import type { Connection } from '../sql/connection.ts'
import { fromSeconds, toSeconds } from './sql-time.ts'

/** A row of `user_preferences`. */
export interface Preference {
  readonly id: number
  readonly preferenceType: string
  readonly preferenceValue: string
  /** In [0, 1]. */
  readonly weight: number
  readonly usageCount: number
  /** ISO 8601 in UTC. */
  readonly lastUsed: string
}

type Columns = [number, string, string, number, number, number]

const SELECT = `SELECT id, preference_type, preference_value, weight, usage_count, last_used FROM user_preferences`

const BY_VALUE = `${SELECT} WHERE preference_type = ? AND preference_value = ? ORDER BY id LIMIT 1`

const LIST = `${SELECT} WHERE (?1 IS NULL OR preference_type = ?1)
  ORDER BY weight DESC, usage_count DESC, id LIMIT ?2 OFFSET ?3`

const INSERT = `INSERT INTO user_preferences (preference_type, preference_value, weight, usage_count, last_used)
  VALUES (?, ?, ?, ?, ?)`

const UPDATE = 'UPDATE user_preferences SET weight = ?, usage_count = ?, last_used = ? WHERE id = ?'

/** User preferences. */
export class PreferencesTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(preferenceType: string, preferenceValue: string): Preference | undefined {
    const columns = this.#connection.get<Columns>(BY_VALUE, [preferenceType, preferenceValue])
    return columns && toRow(columns)
  }

  append(row: Omit<Preference, 'id'>): void {
    this.#connection.run(INSERT, [
      row.preferenceType,
      row.preferenceValue,
      row.weight,
      row.usageCount,
      toSeconds(row.lastUsed),
    ])
  }

  update({ id, weight, usageCount, lastUsed }: Preference): void {
    this.#connection.run(UPDATE, [weight, usageCount, toSeconds(lastUsed), id])
  }

  /** Sorted by descending weight, descending number of uses, and age. Null matches all types. */
  list(preferenceType: string | null, limit: number, offset: number): Preference[] {
    return this.#connection.all<Columns>(LIST, [preferenceType, limit, offset]).map(toRow)
  }

  /** Deletes a row. @returns whether it existed. */
  remove(id: number): boolean {
    return this.#connection.run('DELETE FROM user_preferences WHERE id = ?', [id]) > 0
  }
}

function toRow([id, preferenceType, preferenceValue, weight, usageCount, lastUsed]: Columns): Preference {
  return { id, preferenceType, preferenceValue, weight, usageCount, lastUsed: fromSeconds(lastUsed) }
}
