import { mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { coded, followed, ifThere, syncDirectory, writeSynced } from '../../persistence/file/durable-files.ts'
import { remainsOf } from '../../persistence/file/remains.ts'
import { nodeEngine } from '../../runtime/node/engine.ts'
import { openLearningStore } from '../../runtime/node/open.ts'
import type { Examination } from './examination.ts'
import { salvage } from './salvage.ts'

/** What can be done about what was found. */
export type Remedy =
  /** Nothing is wrong that could be mended. */
  | 'none'
  /** Opening the store mends it. */
  | 'open'
  /** The text index is made anew. */
  | 'text index'
  /** A new store is made of what is left. */
  | 'salvage'
  /** A new store is made row by row: the database opens, and is not sound. */
  | 'copy-rows'

export interface Repaired {
  readonly source: string | undefined
  readonly lost: readonly string[]
  /** The folder that holds everything as it was. */
  readonly kept: string | undefined
}

export function remedyFor({ refusal, notes, findings }: Examination): Remedy {
  if (refusal) {
    return ['CORRUPT_LOG', 'CORRUPT_SNAPSHOT', 'MODIFIED_EXTERNALLY', 'STORE_MISSING'].includes(refusal.code)
      ? 'salvage'
      : 'none'
  }
  if (findings.some(({ what }) => what === 'pages' || what === 'schema')) return 'copy-rows'
  if (findings.some(({ what }) => what === 'text index')) return 'text index'
  return notes.length > 0 ? 'open' : 'none'
}

/** Mends a store. Where files are replaced, all of them are kept as they were. Undefined where nothing can be saved. */
export async function repair(path: string, remedy: Remedy, stamp: string): Promise<Repaired | undefined> {
  if (remedy === 'salvage' || remedy === 'copy-rows')
    return replaced(await followed(path), remedy === 'copy-rows', stamp)
  await using store = await openLearningStore({ storage: `file:${path}` })
  if (remedy === 'text index') await store.testPatterns.rebuildTextIndex()
  return { source: undefined, lost: [], kept: undefined }
}

async function replaced(path: string, fresh: boolean, stamp: string): Promise<Repaired | undefined> {
  const salvaged = salvage(await nodeEngine(), await remainsOf(path), fresh)
  if (!salvaged) return undefined
  const kept = `${path}.${stamp}.damaged`
  await coded(`put a new store in the storage of ${path}`, async () => {
    await mkdir(kept)
    for (const end of ['', '.log']) await ifThere(rename(`${path}${end}`, join(kept, `${basename(path)}${end}`)))
    await writeSynced(path, salvaged.bytes)
    await syncDirectory(join(path, '..'))
  })
  // Taken over as a store that came without its log.
  await using store = await openLearningStore({ storage: `file:${path}` })
  await store.flush()
  return { source: salvaged.source.replace(path, join(kept, basename(path))), lost: salvaged.lost, kept }
}
