import { coded } from '../../persistence/indexeddb/errors.ts'
import { databaseName } from '../../persistence/indexeddb/names.ts'
import type { StorageName } from '../options.ts'
import { loadMarker } from './local-storage-marker.ts'

/** The default of agentic-qe's persistence document in a page. */
export const AGENTIC_QE_STORAGE = 'indexeddb:agentic-qe'

/**
 * The storage that is opened if none is named: `indexeddb:agentic-qe` if it exists, or `indexeddb:learning-store`.
 * @throws UNSUPPORTED, STORAGE_ERROR if the databases cannot be listed
 */
export async function defaultBrowserStorage(): Promise<StorageName> {
  // A store that the page remembers but that is gone is reported when it is opened.
  if (loadMarker(AGENTIC_QE_STORAGE) || (await isDatabase('agentic-qe'))) return AGENTIC_QE_STORAGE
  return 'indexeddb:learning-store'
}

async function isDatabase(name: string): Promise<boolean> {
  const { indexedDB, navigator } = globalThis as Partial<typeof globalThis>
  const all = await coded('list the databases', async () => {
    // A SecurityError where storage is denied, which Chromium's IndexedDB reports as an UnknownError.
    await navigator?.locks?.query()
    // Firefox has it since version 126, of 2024.
    return indexedDB?.databases?.()
  })
  return all?.some((database) => database.name === databaseName(name)) ?? false
}
