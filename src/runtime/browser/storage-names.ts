/** The name of an IndexedDB storage; undefined for other storages. */
export function indexedDbName(storage: string): string | undefined {
  return /^indexeddb:(.+)$/s.exec(storage)?.[1]
}
