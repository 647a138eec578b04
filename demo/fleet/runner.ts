import { type AsyncStore, QE_AGENT_TYPES } from 'learning-store'
import type { Clock } from '../shared/tempo.ts'
import { controlsIn, resetsMade, setResetsMade } from './controls.ts'
import { Fleet } from './fleet.ts'
import type { Project } from './project.ts'

/** After so many tasks the fleet has learned what there is to learn, and the store is 26 MB large. */
export const LAST_TASK = 18_000

/** A task for each agent: what is done before it is looked again whether to go on. */
const ROUND = QE_AGENT_TYPES.length

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
  const isFree = (): boolean => !signal.aborted && !controls.isPaused && controls.resets === resets
  let owed = 0
  try {
    for (let last = clock.now(); !signal.aborted; await clock.wait(TURN_MS)) {
      if (controls.resets > resets) {
        await fleet.reset()
        resets = controls.resets
        await setResetsMade(store, resets)
      }
      const now = clock.now()
      owed += controls.tasksPerSecond * Math.min(MOST_OWED_S, (now - last) / 1_000)
      last = now
      for (; owed >= 1 && fleet.tasks < LAST_TASK && isFree(); owed -= Math.min(Math.floor(owed), ROUND)) {
        await fleet.work(Math.min(Math.floor(owed), ROUND, LAST_TASK - fleet.tasks))
      }
      // What is not done now is not made up for.
      owed %= 1
    }
  } finally {
    told.unsubscribe()
  }
}
