import { promisifyRequest } from 'idb-keyval'

/** One in 300 is not followed by a new log. */
const TIMES = 3

/**
 * Makes Chromium begin a new log under the databases of the origin, by databases that are made and deleted.
 * A browser that is killed can leave a record without its end in that log. Opened again, Chromium (150) appends behind it,
 * and whoever opens next finds a damaged log, for which it removes all databases of the origin. A log that was left behind
 * is not read again. Other browsers have no such log and do nothing.
 */
export async function turnOver(databaseName: string): Promise<void> {
  if (!isChromium()) return
  const name = `${databaseName}/turn-over`
  for (let i = 0; i < TIMES; i++) {
    const database = await promisifyRequest(indexedDB.open(name))
    database.close()
    await promisifyRequest(indexedDB.deleteDatabase(name))
  }
}

function isChromium(): boolean {
  if (!('userAgentData' in navigator)) return false
  const { userAgentData } = navigator as { userAgentData: { brands: readonly { brand: string }[] } }
  return userAgentData.brands.some(({ brand }) => brand === 'Chromium')
}
