import { promisifyRequest } from 'idb-keyval'
import { StoreError } from '../../errors.ts'
import { readNewest } from '../log/reading.ts'
import type { Manifest, StoreMarker } from '../log/recovery.ts'
import { recoverWithStoreMarker } from '../log/recovery-with-store-marker.ts'
import type { ReadPosition, ReadState } from '../storage.ts'
import { Database } from './database.ts'
import { loadManifests, loadSegments, loadSnapshot } from './load.ts'
import { loadStoreMarkers } from './store-marker.ts'

/** Names a storage, and says what is known of it. */
interface Named {
  readonly name: string
  readonly databaseName: string
  readonly expectedStore: StoreMarker | undefined
  readonly remedy: string
}

/** Reads a database beside its writer, if it has one. */
export async function readDatabase(
  { name, databaseName, expectedStore, remedy }: Named,
  from: ReadPosition | undefined,
): Promise<ReadState> {
  const missing = (): StoreError =>
    new StoreError('STORE_MISSING', `There is no store in ${name}. Open it without \`readOnly\` to create one.`)
  const database = new Database(databaseName, missing)
  const use = database.use('relaxed')
  try {
    // A SecurityError where storage is denied, which Chromium's IndexedDB reports as an UnknownError.
    await navigator.locks.query()
    // The markers first: what is read after them must reach them.
    const { storeMarkers, notes } = await loadStoreMarkers(name, expectedStore)
    const read = await readNewest(
      {
        async list() {
          const keys = await use('readonly', (store) => promisifyRequest(store.getAllKeys()))
          const [manifests, segments] = [await loadManifests(use, keys), await loadSegments(use, keys)]
          return { manifests, segments, read: (manifest: Manifest) => loadSnapshot(use, keys, manifest) }
        },
        recover: (found) => recoverWithStoreMarker(found, storeMarkers, remedy),
      },
      from,
    )
    if (!read) throw missing()
    return { ...read, notes: [...read.notes, ...notes] }
  } finally {
    database.close()
  }
}
