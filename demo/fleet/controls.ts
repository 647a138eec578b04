import type { AsyncStore, Caller, Queries } from 'learning-store'
import type { Speeds } from '../shared/run-controls.ts'

/** Settings of the simulation. They are part of the store, so that they apply to all tabs and survive a reload. */
export interface Controls {
  readonly isPaused: boolean
  readonly tasksPerSecond: number
  /** Number of resets requested so far. */
  readonly resets: number
}

export const SPEEDS: Speeds = { unit: ['task', 'tasks'], slowest: 1, fastest: 1_000 }

const DEFAULTS: Controls = { isPaused: false, tasksPerSecond: 30, resets: 0 }
const CALLER: Caller = { agentId: 'demo' }

export async function controlsIn(store: Pick<Queries, 'memory'>): Promise<Controls> {
  const entry = await store.memory.as(CALLER).get({ partition: 'demo', key: 'controls' })
  return { ...DEFAULTS, ...(entry?.value as Partial<Controls> | undefined) }
}

export async function setControls(store: AsyncStore, changes: Partial<Controls>): Promise<void> {
  const { isPaused, tasksPerSecond, resets } = { ...(await controlsIn(store)), ...changes }
  await store.memory.as(CALLER).set({ partition: 'demo', key: 'controls', value: { isPaused, tasksPerSecond, resets } })
}

/** Number of resets carried out so far. */
export async function resetsMade(store: AsyncStore): Promise<number> {
  const entry = await store.memory.as(CALLER).get({ partition: 'demo', key: 'resets' })
  return Number(entry?.value ?? 0)
}

export async function setResetsMade(store: AsyncStore, resets: number): Promise<void> {
  await store.memory.as(CALLER).set({ partition: 'demo', key: 'resets', value: resets })
}
