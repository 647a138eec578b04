import type { AsyncStore } from '../client/async-store.ts'

interface Shared {
  readonly opening: Promise<AsyncStore>
  users: number
}

const shared = new Map<string, Shared>()
/** What is being closed must be waited for before it is opened again. */
const closing = new Map<string, Promise<void>>()

/**
 * The store of a storage, opened for the first who asks and shared with the others in this process; it is closed when the last
 * of them closes it. Rejects as `open` does, and the next who asks tries anew. @param storage names it among those shared.
 */
export async function sharedStore(storage: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  const found = shared.get(storage) ?? { opening: opened(storage, open), users: 0 }
  shared.set(storage, found)
  found.users++
  let store: AsyncStore
  try {
    store = await found.opening
  } catch (error) {
    if (shared.get(storage) === found) shared.delete(storage)
    throw error
  }
  let leaving: Promise<void> | undefined
  const close = (): Promise<void> => {
    leaving ??= leave(storage, found, store)
    return leaving
  }
  return { ...store, close, [Symbol.asyncDispose]: close }
}

async function opened(storage: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  await closing.get(storage)
  return open()
}

/** Whoever leaves has kept what it did; the others go on. */
function leave(storage: string, found: Shared, store: AsyncStore): Promise<void> {
  if (--found.users > 0) return store.flush()
  shared.delete(storage)
  const closed = store.close()
  const settled = closed.catch(() => {}).then(() => void (closing.get(storage) === settled && closing.delete(storage)))
  closing.set(storage, settled)
  return closed
}
