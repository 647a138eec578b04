import type { AsyncStore } from '../client/async-store.ts'

interface Shared {
  readonly opening: Promise<AsyncStore>
  users: number
}

const shared = new Map<string, Shared>()
/** A store must be closed completely before it is opened again. */
const closing = new Map<string, Promise<void>>()

/**
 * The store of a storage, opened for its first user and shared with the others in this process; closed when the last
 * user closes it. Rejects as `open` does, and the next user tries again. @param storage names it among the shared ones
 */
export async function sharedStore(storage: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  const entry = shared.get(storage) ?? { opening: opened(storage, open), users: 0 }
  shared.set(storage, entry)
  entry.users++
  let store: AsyncStore
  try {
    store = await entry.opening
  } catch (error) {
    if (shared.get(storage) === entry) shared.delete(storage)
    throw error
  }
  let leaving: Promise<void> | undefined
  const close = (): Promise<void> => {
    leaving ??= leave(storage, entry, store)
    return leaving
  }
  return { ...store, close, [Symbol.asyncDispose]: close }
}

async function opened(storage: string, open: () => Promise<AsyncStore>): Promise<AsyncStore> {
  await closing.get(storage)
  return open()
}

/** A user that leaves has persisted its writes; the others continue. */
function leave(storage: string, entry: Shared, store: AsyncStore): Promise<void> {
  if (--entry.users > 0) return store.flush()
  shared.delete(storage)
  const closed = store.close()
  const settled = closed.catch(() => {}).then(() => void (closing.get(storage) === settled && closing.delete(storage)))
  closing.set(storage, settled)
  return closed
}
