import { type AsyncStore, QE_AGENT_TYPES } from 'learning-store'
import type { Clock } from '../shared/tempo.ts'
import { controlsIn, resetsMade, setResetsMade } from './controls.ts'
import { Fleet } from './fleet.ts'
import type { Project } from './project.ts'

/** The simulation ends here: the fleet has converged, and the store has 26 MB. */
export const LAST_TASK = 18_000

/** Tasks between two checks of the controls: one for each agent. */
const ROUND = QE_AGENT_TYPES.length

/** The most time made up for at once, in seconds. Timers of a background tab run once a second. */
const MAX_OWED_S = 1

/** Interval between two rounds. */
const INTERVAL_MS = 16

/** Runs the fleet by the controls in the store until the signal is aborted. Only one runner may use a store at a time. */
export async function runFleet(store: AsyncStore, project: Project, clock: Clock, signal: AbortSignal): Promise<void> {
  const fleet = await Fleet.open(store, project)
  let controls = await controlsIn(store)
  let resets = await resetsMade(store)
  const subscription = store.live(controlsIn, (changed) => {
    controls = changed
  })
  const mayRun = (): boolean => !signal.aborted && !controls.isPaused && controls.resets === resets
  let owed = 0
  try {
    for (let last = clock.now(); !signal.aborted; await clock.wait(INTERVAL_MS)) {
      if (controls.resets > resets) {
        await fleet.reset()
        resets = controls.resets
        await setResetsMade(store, resets)
      }
      const now = clock.now()
      owed += controls.tasksPerSecond * Math.min(MAX_OWED_S, (now - last) / 1_000)
      last = now
      for (; owed >= 1 && fleet.tasks < LAST_TASK && mayRun(); owed -= Math.min(Math.floor(owed), ROUND)) {
        await fleet.work(Math.min(Math.floor(owed), ROUND, LAST_TASK - fleet.tasks))
      }
      // Missed tasks are dropped.
      owed %= 1
    }
  } finally {
    subscription.unsubscribe()
  }
}
