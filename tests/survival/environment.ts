import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, type Durability, openLearningStore } from '../../src/entry/node.ts'
import { type FileStorageOptions, fileStorage } from '../../src/persistence/file/file-storage.ts'

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

/** For an opener that cannot examine the last holder: it waits for 60 ms of silence instead of 30 s. */
export const PATIENT = { lease: { beatEveryMs: 5_000, staleAfterMs: 60 }, lockTimeoutMs: 60_000 }

/** Opens the store in this process. It must be free at once, unless the opener is patient. */
export async function inStore<T>(
  path: string,
  durability: Durability,
  work: (store: AsyncStore) => Promise<T>,
  { lockTimeoutMs, ...options }: FileStorageOptions & { lockTimeoutMs: number } = { lockTimeoutMs: 0 },
): Promise<T> {
  const storage = fileStorage(path, options)
  const store = await openLearningStore({ storage, durability, seed: SEED, lockTimeoutMs })
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
