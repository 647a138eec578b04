import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a row of this store takes, divided by what bare sql.js takes for it in the same run, by the row's operation. */
export type Ratios = ReadonlyMap<string, number>

/** How a row compares with the stored ratio. */
export interface Comparison {
  readonly operation: string
  /** NaN if the row is stored but was not measured. */
  readonly measured: number
  /** Undefined if no ratio is stored for the row. */
  readonly stored: number | undefined
  /** The largest ratio that passes. */
  readonly allowed: number | undefined
  readonly passed: boolean
}

/** A ratio may be 25 % worse than the stored one: less than that is noise on a machine that does other work. */
const TOLERANCE = 1.25
const FILE = join('bench', 'baseline.json')

export function readBaseline(): Ratios {
  return new Map(Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as { readonly [operation: string]: number }))
}

/** Ratios are rounded to three digits, so that the file shows no digits that the next run would change anyway. */
export function writeBaseline(measured: Ratios): void {
  const ratios = [...measured].map(([operation, ratio]) => [operation, Number(ratio.toPrecision(3))] as const)
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(ratios), undefined, 2)}\n`)
}

/**
 * Compares every row that was measured or stored. A row without a stored ratio fails, and so does a stored ratio without
 * its row: a renamed or removed row must not leave the check unnoticed.
 */
export function compare(measured: Ratios, baseline: Ratios): Comparison[] {
  return [...new Set([...measured.keys(), ...baseline.keys()])].map((operation) => {
    const [ratio = Number.NaN, stored] = [measured.get(operation), baseline.get(operation)]
    const allowed = stored === undefined ? undefined : stored * TOLERANCE
    return { operation, measured: ratio, stored, allowed, passed: allowed !== undefined && ratio <= allowed }
  })
}
