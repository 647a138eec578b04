import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { AsyncStore } from '../../client/async-store.ts'
import { StoreError, type StoreErrorCode } from '../../errors.ts'
import type { Finding } from '../../learning/inspection/verification.ts'
import { coded, ifExists, resolveLink } from '../../persistence/file/durable-files.ts'
import { type NodeStoreOptions, openLearningStore } from '../../runtime/node/open.ts'

/** The state of a store. */
export interface Examination {
  /** The error with which it does not open; undefined if it opens. */
  readonly refusal: { readonly code: StoreErrorCode; readonly message: string } | undefined
  /** Repairs that opening makes by itself. */
  readonly notes: readonly string[]
  /** The problems that `verify` reports. */
  readonly findings: readonly Finding[]
  readonly counts: { readonly agents: number; readonly experiences: number; readonly values: number } | undefined
}

/** Opens a store, with its key if it is encrypted. */
export type OpenStore = (options: NodeStoreOptions) => Promise<AsyncStore>

/** Verifies a copy of a store: opening the store itself could repair it, and so change it. */
export async function examine(path: string, open: OpenStore = openLearningStore): Promise<Examination> {
  const folder = await coded('make a folder for a copy', () => mkdtemp(join(tmpdir(), 'learning-store-doctor-')))
  const copy = join(folder, basename(path))
  try {
    await coded(`copy ${path}`, async () => {
      const file = await resolveLink(path)
      for (const end of ['', '.log', '-wal', '-journal']) {
        await ifExists(cp(`${file}${end}`, `${copy}${end}`, { recursive: true, preserveTimestamps: true }))
      }
    })
    await makeWritable(folder)
    return await examineCopy(copy, open, (message) => message.replaceAll(copy, path))
  } finally {
    await makeWritable(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

/** A copy has the permissions of the original, which may be read-only. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const one of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, one.name)
    if (one.isDirectory()) await makeWritable(path)
    else if (one.isFile()) await chmod(path, 0o600)
  }
}

async function examineCopy(copy: string, open: OpenStore, renamed: (message: string) => string): Promise<Examination> {
  let store: AsyncStore
  try {
    store = await open({ storage: `file:${copy}`, lockTimeoutMs: 0 })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const refusal = { code: error.code, message: renamed(error.message) }
    return { refusal, notes: [], findings: [], counts: undefined }
  }
  try {
    const { findings } = await store.verify()
    try {
      const { notes, counts } = await store.status()
      return { refusal: undefined, notes: notes.map(renamed), findings, counts }
    } catch (error) {
      // The rows of a missing or damaged table cannot be counted.
      if (findings.length === 0) throw error
      return { refusal: undefined, notes: [], findings, counts: undefined }
    }
  } finally {
    await store.close()
  }
}
