import type { OpenStore } from '../open.ts'
import type { Durability } from '../persistence/place.ts'

/**
 * Resolves when an act may be answered. With `strict` nothing is answered, not even to a reader, that a power cut could
 * still take; but while the place refuses, reading goes on. Rejects as `Keeper.kept` does, for what is no read.
 */
export async function firm(keeper: OpenStore['keeper'], durability: Durability, isRead: boolean): Promise<void> {
  if (durability === 'strict') await (isRead ? keeper?.seen(true) : keeper?.kept(true))
  else if (!isRead) await keeper?.keepUp()
}
