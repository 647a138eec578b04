import { parseKey } from '../../algorithms/keys/parse-key.ts'
import { migrations } from '../../sql/migrations.ts'
import { IntegrityRulesTable } from '../../tables/integrity-rules.ts'
import type { Core } from '../core/core.ts'

/** Something in a store that should not be. */
export interface Finding {
  readonly what: 'pages' | 'schema' | 'text index' | 'values' | 'experiences' | 'agents' | 'references' | 'keys'
  /** For people: what it is, how often, and where the first of it are. */
  readonly detail: string
}

/** What looking at every page and row came to. */
export interface VerifyResult {
  /** Whether nothing was found. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

/** Looks at every page and every row. Nothing is changed. */
export function verify(core: Core): VerifyResult {
  core.writeHeld()
  const table = new IntegrityRulesTable(core.connection)
  const findings: Finding[] = []
  const found = (what: Finding['what'], detail: string): void => void findings.push({ what, detail })
  // In damaged pages one question may fail and the next be answered.
  const asking = (what: Finding['what'], ask: () => void): void => {
    try {
      ask()
    } catch (error) {
      found(what, `cannot be read: ${(error as Error).message}`)
    }
  }
  asking('pages', () => {
    for (const line of table.pages()) found(line.includes('inverted index') ? 'text index' : 'pages', line)
  })
  asking('schema', () => {
    const names = new Set(table.names())
    const missing = schemaNames().filter((name) => !names.has(name))
    if (missing.length > 0) found('schema', `missing: ${missing.join(', ')}`)
    for (const name of table.triggers()) found('schema', `the trigger ${name}, which is not of this package`)
  })
  for (const rule of table.rules) {
    asking(rule.what, () => {
      const { count, examples } = table.faultsOf(rule)
      if (count > 0) found(rule.what, shown(rule.detail, count, examples))
    })
  }
  asking('keys', () => {
    const broken = brokenKeys(table.keys())
    if (broken.length > 0) found('keys', shown('a key that cannot be read', broken.length, broken.slice(0, 3)))
  })
  return { ok: findings.length === 0, findings }
}

function brokenKeys(keys: Iterable<readonly [stateKey: string, actionKey: string]>): string[] {
  const seen = new Map<string, boolean>()
  for (const pair of keys) for (const key of pair) if (!seen.has(key)) seen.set(key, isKey(key))
  return [...seen].filter(([, isGood]) => !isGood).map(([key]) => String(key))
}

function isKey(key: string): boolean {
  try {
    parseKey(key)
    return true
  } catch {
    return false
  }
}

/** What the steps of the schema make. */
function schemaNames(): string[] {
  const made = /^CREATE (?:VIRTUAL |UNIQUE )?(?:TABLE|INDEX|VIEW) (\w+)/
  return migrations.flat().flatMap((statement) => made.exec(statement)?.[1] ?? [])
}

function shown(detail: string, count: number, examples: readonly string[]): string {
  const more = count > examples.length ? ', ...' : ''
  return `${detail} (${count}): ${examples.join('; ')}${more}`
}
