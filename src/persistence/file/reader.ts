import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../errors.ts'
import { readNewest } from '../log/reading.ts'
import { missingRecord, recover, type StoreMarker, storeMissing } from '../log/recovery.ts'
import { lastOf } from '../log/recovery-with-store-marker.ts'
import type { ReadOptions, ReadState } from '../storage.ts'
import { namesIn, readManifests, readSegments, readSnapshot, storeWithoutManifest } from './content.ts'
import { ifExists, resolveLink } from './durable-files.ts'
import { storeMarkerIn } from './lease.ts'
import { checkHasAllChanges } from './source-file.ts'

/** Reads the store at a path beside its writer, if it has one. */
export async function readStoreFile(given: string, { classify, from }: ReadOptions): Promise<ReadState> {
  const path = await resolveLink(given)
  const directory = `${path}.log`
  let names: readonly string[] = []
  let storeMarker: StoreMarker | undefined
  const logged = await readNewest(
    {
      async list(fromGeneration) {
        // The marker first: what is read after it must reach it.
        storeMarker = await storeMarkerIn(directory)
        names = await namesIn(directory)
        const manifests = await readManifests(directory, names)
        const segments = await readSegments(directory, names, fromGeneration)
        return { manifests, segments, read: (manifest) => readSnapshot(path, directory, manifest) }
      },
      async recover({ manifests, segments, read }) {
        if (manifests.length === 0) return undefined
        checkHasAllChanges(path)
        const recovery = await recover(manifests, segments, read, classify)
        const last = lastOf(recovery)
        if (storeMarker && last < storeMarker.sequence) throw missingRecord(last + 1, storeMarker.sequence)
        return recovery
      },
    },
    from,
  )
  const alone = logged ? undefined : await storeWithoutManifest(path, directory, names, classify)
  if (!logged && !alone) {
    if (storeMarker) throw storeMissing(storeMarker, 'Open it without `readOnly` for more.')
    throw new StoreError('STORE_MISSING', `There is no store in ${path}. Open it without \`readOnly\` to create one.`)
  }
  const writtenAtMs = await lastWrite([
    path,
    ...names.filter((name) => name.endsWith('.log')).map((name) => join(directory, name)),
  ])
  if (logged) return { ...logged, writtenAtMs }
  return { ...(alone as NonNullable<typeof alone>), continues: false, position: undefined, writtenAtMs }
}

async function lastWrite(paths: readonly string[]): Promise<number | undefined> {
  const files = await Promise.all(paths.map((path) => ifExists(stat(path))))
  const times = files.flatMap((file) => (file ? [Math.round(file.mtimeMs)] : []))
  return times.length > 0 ? Math.max(...times) : undefined
}
