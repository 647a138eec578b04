import { promisifyRequest } from 'idb-keyval'

/** One attempt in 300 does not begin a new log. */
const ATTEMPTS = 3

/**
 * Makes Chromium begin a new log file for the databases of the origin, by creating and deleting databases. A killed
 * browser can leave an incomplete record in that log. Chromium (150) appends after it when it opens the log again, and
 * the next opening finds a damaged log, for which it deletes all databases of the origin. An abandoned log is not read
 * again. Other browsers have no such log and do nothing.
 */
export async function turnOverLog(databaseName: string): Promise<void> {
  if (!isChromium()) return
  const name = `${databaseName}/turn-over`
  for (let i = 0; i < ATTEMPTS; i++) {
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
