import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { migrations } from '../../sql/migrations.ts'
import { IntegrityRulesTable } from '../../tables/integrity-rules.ts'
import type { Core } from '../core/core.ts'

/** A violation of a store's integrity. */
export interface Finding {
  /** The part of the store that is affected. */
  readonly what:
    | 'pages'
    | 'schema'
    | 'text index'
    | 'values'
    | 'experiences'
    | 'sums'
    | 'agents'
    | 'references'
    | 'keys'
  /** The violation, how often it occurs, and its first occurrences, for display. */
  readonly detail: string
}

/** Result of an integrity check. */
export interface VerifyResult {
  /** Whether there are no findings. */
  readonly ok: boolean
  /** The violations. */
  readonly findings: readonly Finding[]
}

/** Checks every page and every row. Changes nothing. */
export function verify(core: Core): VerifyResult {
  core.writePending()
  const table = new IntegrityRulesTable(core.connection)
  const findings: Finding[] = []
  const report = (what: Finding['what'], detail: string): void => void findings.push({ what, detail })
  // With damaged pages, one check may fail and the next succeed.
  const check = (what: Finding['what'], work: () => void): void => {
    try {
      work()
    } catch (error) {
      report(what, `cannot be read: ${(error as Error).message}`)
    }
  }
  check('pages', () => {
    for (const line of table.pages()) report(line.includes('inverted index') ? 'text index' : 'pages', line)
  })
  check('schema', () => {
    const names = new Set(table.names())
    const missing = schemaNames().filter((name) => !names.has(name))
    if (missing.length > 0) report('schema', `missing: ${missing.join(', ')}`)
    for (const name of table.counters())
      report('schema', `the counter of the row ids of ${name}, which is out of its range`)
    for (const name of table.triggers()) report('schema', `the trigger ${name}, which is not of this package`)
  })
  for (const rule of table.rules) {
    check(rule.what, () => {
      const { count, examples } = table.faultsOf(rule)
      if (count > 0) report(rule.what, summary(rule.detail, count, examples))
    })
  }
  check('keys', () => {
    const broken = brokenKeys(table.keys())
    if (broken.length > 0) report('keys', summary('a key that cannot be read', broken.length, broken.slice(0, 3)))
  })
  return { ok: findings.length === 0, findings }
}

function brokenKeys(keys: Iterable<readonly [stateKey: string, actionKey: string]>): string[] {
  const seen = new Map<string, boolean>()
  for (const pair of keys) for (const key of pair) if (!seen.has(key)) seen.set(key, isKey(key))
  return [...seen].filter(([, isValid]) => !isValid).map(([key]) => String(key))
}

function isKey(key: string): boolean {
  try {
    parseKey(key)
    return true
  } catch {
    return false
  }
}

/** The tables, indexes and views that the migrations create. */
function schemaNames(): string[] {
  const create = /^CREATE (?:VIRTUAL |UNIQUE )?(?:TABLE|INDEX|VIEW) (\w+)/
  return migrations.flat().flatMap((statement) => create.exec(statement)?.[1] ?? [])
}

function summary(detail: string, count: number, examples: readonly string[]): string {
  const more = count > examples.length ? ', ...' : ''
  return `${detail} (${count}): ${examples.join('; ')}${more}`
}
