/** The name of the storage in options and messages. */
export function storageName(name: string): string {
  return `indexeddb:${name}`
}

export function databaseName(name: string): string {
  return `learning-store:${name}`
}

export function lockName(name: string): string {
  return `learning-store:${storageName(name)}`
}
