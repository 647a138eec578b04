import { StoreError } from '../errors.ts'
import type { StorageAdapter } from '../persistence/storage.ts'

/** Checks that a storage holds a store, and changes nothing. @throws STORE_MISSING */
export async function checkStoreExists(storage: StorageAdapter): Promise<void> {
  if (storage.read) {
    try {
      await storage.read({ classify: () => 'edited' })
    } catch (error) {
      // Opening, which follows, finds everything else, and may repair it.
      if (error instanceof StoreError && error.code === 'STORE_MISSING') throw error
    }
    return
  }
  // Storages without readers have no lease.
  const { snapshot } = await storage.open({ lockTimeoutMs: 0, classify: () => 'edited' })
  await storage.close()
  if (!snapshot) throw new StoreError('STORE_MISSING', `There is no store in ${storage.name}.`)
}
