import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/storage.ts'

/**
 * Resolves when an operation may be answered. With `strict` nothing is answered, not even to a reader, that a power cut could
 * still take; but while the storage refuses, reading goes on. Rejects as `LogPersister.kept` does, for what is no read.
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
