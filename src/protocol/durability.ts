import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/storage.ts'

/**
 * Resolves when an act may be answered. With `strict` nothing is answered, not even to a reader, that a power cut could
 * still take; but while the place refuses, reading goes on. Rejects as `Keeper.kept` does, for what is no read.
 */
export async function firm(keeper: OpenStore['keeper'], durability: Durability, isRead: boolean): Promise<void> {
  if (durability === 'relaxed') return isRead ? undefined : keeper?.keepUp()
  if (!isRead) return keeper?.kept(true)
  const isRefusing = keeper?.status.state === 'failing' || keeper?.status.state === 'lost'
  if (!isRefusing) await keeper?.kept(true).catch(() => {})
}
