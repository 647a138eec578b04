import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, type Durability, openLearningStore } from '../../src/entry/node.ts'

/** The same chances in every run, unless LEARNING_STORE_SEED says otherwise. Failures name it. */
export const SEED: number = numberFrom('LEARNING_STORE_SEED', 1)

export function numberFrom(variable: string, otherwise: number): number {
  return Number(process.env[variable] ?? otherwise)
}

/** A folder for one test, and its removal. */
export function folder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'learning-store-survival-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Opens the store, which must be free at once, in this process. */
export async function inStore<T>(
  path: string,
  durability: Durability,
  work: (store: AsyncStore) => Promise<T>,
): Promise<T> {
  const store = await openLearningStore({ storage: `file:${path}`, durability, seed: SEED, lockTimeoutMs: 0 })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** For people who watch the tests run. */
export function report(line: string): void {
  process.stdout.write(`${line}\n`)
}
