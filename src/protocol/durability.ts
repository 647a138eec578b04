import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/storage.ts'

/**
 * Resolves when the result of an operation may be returned. With `strict`, no result, not even of a read, depends on
 * something that a power cut could still undo; but while the storage fails, reads continue. For a write, rejects as
 * `Persister.whenDurable` does.
 */
export async function awaitDurability(
  persister: OpenStore['persister'],
  durability: Durability,
  isRead: boolean,
): Promise<void> {
  if (durability === 'relaxed') return isRead ? undefined : persister?.whenWritable()
  if (!isRead) return persister?.whenDurable(true)
  const isRefusing = persister?.status.state === 'failing' || persister?.status.state === 'lost'
  if (!isRefusing) await persister?.whenDurable(true).catch(() => {})
}
