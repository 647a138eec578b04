import { StoreError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { version1 } from './schema/version-1.ts'
import { version2 } from './schema/version-2.ts'
import { version3 } from './schema/version-3.ts'
import { version4 } from './schema/version-4.ts'
import { version5 } from './schema/version-5.ts'
import { version6 } from './schema/version-6.ts'
import { version7 } from './schema/version-7.ts'

/** Identifies a store in the header of a SQLite file ("LSTR" in ASCII). */
export const APPLICATION_ID = 0x4c535452

/** Step n migrates a database from version n to n + 1. Released steps never change; a schema change is a new step. */
export const migrations: readonly (readonly string[])[] = [
  version1,
  version2,
  version3,
  version4,
  version5,
  version6,
  version7,
]

/** The schema version of a database; 0 for an empty one. */
export function schemaVersion(connection: Connection): number {
  return connection.get<[number]>('PRAGMA user_version')?.[0] ?? 0
}

/**
 * Migrates the schema to the latest version, in one transaction.
 * @returns the number of executed steps. @throws SCHEMA_TOO_NEW if the version of the database is above the latest.
 */
export function migrate(connection: Connection, steps: readonly (readonly string[])[] = migrations): number {
  const current = schemaVersion(connection)
  if (current > steps.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `Expected a schema of version ${steps.length} or older, got version ${current}`,
    )
  }
  if (current === steps.length) return 0
  connection.execute('BEGIN')
  try {
    const statements = steps.slice(current).flat()
    for (const statement of current === 0 ? withEarlyAlterations(statements) : statements) connection.execute(statement)
    connection.execute(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${steps.length}`)
    connection.execute('COMMIT')
  } catch (error) {
    connection.execute('ROLLBACK')
    throw error
  }
  return steps.length - current
}

/**
 * Moves each ALTER TABLE directly after the CREATE TABLE of its table. SQLite parses the whole schema again for each of them, so that
 * at the end of the migrations creating a database would take twice as long.
 */
function withEarlyAlterations(statements: readonly string[]): string[] {
  const tableOf = (statement: string, kind: string): string | undefined =>
    new RegExp(`^\\s*${kind} TABLE (\\w+)`).exec(statement)?.[1]
  const changes = new Map<string, string[]>()
  for (const statement of statements) {
    const table = tableOf(statement, 'ALTER')
    if (table !== undefined) changes.set(table, [...(changes.get(table) ?? []), statement])
  }
  return statements.flatMap((statement) => {
    if (tableOf(statement, 'ALTER') !== undefined) return []
    return [statement, ...(changes.get(tableOf(statement, 'CREATE') ?? '') ?? [])]
  })
}
