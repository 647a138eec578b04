import { StoreError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { additions } from './schema/additions.ts'
import { schema } from './schema/index.ts'
import { version3 } from './schema/version-3.ts'

/** Marks a SQLite file as ours, in its header ("LSTR" in ASCII). */
export const APPLICATION_ID = 0x4c535452

/** Step n brings a database from version n to n + 1. A released step is never changed: a change is a new step. */
export const migrations: readonly (readonly string[])[] = [schema, additions, version3]

/** The version of the schema that a database has; 0 before the first step. */
export function schemaVersion(connection: Connection): number {
  return connection.get<[number]>('PRAGMA user_version')?.[0] ?? 0
}

/**
 * Brings the schema up to date, all steps or none. Answers how many steps ran.
 * @throws SCHEMA_TOO_NEW when the database has a later version than `steps` know.
 */
export function migrate(connection: Connection, steps: readonly (readonly string[])[] = migrations): number {
  const found = schemaVersion(connection)
  if (found > steps.length) {
    throw new StoreError(
      'SCHEMA_TOO_NEW',
      `Expected a schema of version ${steps.length} or older, got version ${found}`,
    )
  }
  if (found === steps.length) return 0
  connection.execute('BEGIN')
  try {
    const statements = steps.slice(found).flat()
    for (const statement of found === 0 ? alteredEarly(statements) : statements) connection.execute(statement)
    connection.execute(`PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${steps.length}`)
    connection.execute('COMMIT')
  } catch (error) {
    connection.execute('ROLLBACK')
    throw error
  }
  return steps.length - found
}

/**
 * The same statements with each change of a table right after the table is made. SQLite reads the whole schema again for each:
 * at the end a new database would take twice as long.
 */
function alteredEarly(statements: readonly string[]): string[] {
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
