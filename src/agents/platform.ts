import type { AsyncStore } from '../client/async-store.ts'

/** What the classes of this folder need of the platform they run on. */
export interface AgentPlatform {
  /** Opens the default storage, or joins those who use it; who closes it leaves it open for the others. */
  openStore(): Promise<AsyncStore>
  /** ms since the epoch. */
  now(): number
  /** Tells people of an error that nobody waits for. */
  report(error: unknown): void
}
