/** The name of an IndexedDB place; undefined for other places. */
export function indexedDbName(place: string): string | undefined {
  return /^indexeddb:(.+)$/s.exec(place)?.[1]
}
