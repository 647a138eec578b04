import type { AsyncStore } from '../client/async-store.ts'

interface Shared {
  readonly opening: Promise<AsyncStore>
  users: number
}

const shared = new Map<string, Shared>()
/** What is being closed must be waited for before it is opened again. */
const closing = new Map<string, Promise<void>>()

/**
 * The store of a place, opened for the first who asks and shared with the others in this process; it is closed when the last
 * of them closes it. Rejects as `open` does, and the next who asks tries anew. @param place names it among those shared.
 */
export async function sharedStore(place: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  const found = shared.get(place) ?? { opening: opened(place, open), users: 0 }
  shared.set(place, found)
  found.users++
  let store: AsyncStore
  try {
    store = await found.opening
  } catch (error) {
    if (shared.get(place) === found) shared.delete(place)
    throw error
  }
  let leaving: Promise<void> | undefined
  const close = (): Promise<void> => {
    leaving ??= leave(place, found, store)
    return leaving
  }
  return { ...store, close, [Symbol.asyncDispose]: close }
}

async function opened(place: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  await closing.get(place)
  return open()
}

/** Whoever leaves has kept what it did; the others go on. */
function leave(place: string, found: Shared, store: AsyncStore): Promise<void> {
  if (--found.users > 0) return store.flush()
  shared.delete(place)
  const closed = store.close()
  const settled = closed.catch(() => {}).then(() => void (closing.get(place) === settled && closing.delete(place)))
  closing.set(place, settled)
  return closed
}
