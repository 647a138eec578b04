import type { AsyncStore } from 'learning-store'
import type { Clock } from '../shared/tempo.ts'
import { type Controls, controlsIn, resetsMade, setResetsMade } from './controls.ts'
import { Fleet } from './fleet.ts'
import type { Project } from './project.ts'

/** After so many tasks the fleet has learned what there is to learn, and the store is 26 MB large. */
export const LAST_TASK = 18_000

/** The most that is caught up with at once, in seconds: a tab in the background is woken once a second. */
const MOST_OWED_S = 1

/** How often it is looked whether something is to do, in ms. */
const TURN_MS = 16

/** Lets the fleet work as the controls in the store say, until the signal. Only one may run on a store at a time. */
export async function runFleet(store: AsyncStore, project: Project, clock: Clock, signal: AbortSignal): Promise<void> {
  const fleet = await Fleet.open(store, project)
  let controls = await controlsIn(store)
  let resets = await resetsMade(store)
  const told = store.live(controlsIn, (changed) => {
    controls = changed
  })
  let owed = 0
  try {
    for (let last = clock.now(); !signal.aborted; await clock.wait(TURN_MS)) {
      if (controls.resets > resets) {
        await fleet.reset()
        resets = controls.resets
        await setResetsMade(store, resets)
      }
      const now = clock.now()
      owed += rateOf(controls) * Math.min(MOST_OWED_S, (now - last) / 1_000)
      last = now
      const due = Math.min(Math.floor(owed), LAST_TASK - fleet.tasks)
      owed -= Math.floor(owed)
      if (due > 0) await fleet.work(due)
    }
  } finally {
    told.unsubscribe()
  }
}

function rateOf({ isPaused, tasksPerSecond }: Controls): number {
  return isPaused ? 0 : tasksPerSecond
}
