import type { AsyncStore } from '../client/async-store.ts'

/** The runtime that the classes of agents depend on. */
export interface AgentPlatform {
  /** Opens the default store, which is shared within the process or page; it is closed when its last user closes it. */
  openStore(): Promise<AsyncStore>
  /** In milliseconds since the epoch. */
  now(): number
  /** Reports an error that no caller awaits. */
  report(error: unknown): void
}
