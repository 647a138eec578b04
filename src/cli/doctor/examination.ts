import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { StoreError, type StoreErrorCode } from '../../errors.ts'
import type { Finding } from '../../learning/verification.ts'
import { ifThere } from '../../persistence/durable-files.ts'
import { openLearningStore } from '../../runtime/node.ts'

/** How a store is found. */
export interface Examination {
  /** Why it does not open; undefined where it does. */
  readonly refusal: { readonly code: StoreErrorCode; readonly message: string } | undefined
  /** What opening mends by itself. */
  readonly notes: readonly string[]
  /** What is wrong inside. */
  readonly findings: readonly Finding[]
  readonly counts: { readonly agents: number; readonly experiences: number; readonly values: number } | undefined
}

/** Opens a copy of a store and looks at all of it: opening mends, and looking must change nothing. */
export async function examine(path: string): Promise<Examination> {
  const folder = await mkdtemp(join(tmpdir(), 'learning-store-doctor-'))
  const copy = join(folder, basename(path))
  try {
    for (const end of ['', '.log']) {
      await ifThere(cp(`${path}${end}`, `${copy}${end}`, { recursive: true, preserveTimestamps: true }))
    }
    return await examineCopy(copy, (message) => message.replaceAll(copy, path))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function examineCopy(copy: string, renamed: (message: string) => string): Promise<Examination> {
  let store: Awaited<ReturnType<typeof openLearningStore>>
  try {
    store = await openLearningStore({ place: `file:${copy}`, waitMs: 0 })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const refusal = { code: error.code, message: renamed(error.message) }
    return { refusal, notes: [], findings: [], counts: undefined }
  }
  try {
    const [{ findings }, { notes, counts }] = await Promise.all([store.verify(), store.status()])
    return { refusal: undefined, notes: notes.map(renamed), findings, counts }
  } finally {
    await store.close()
  }
}
