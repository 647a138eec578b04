import { openLearningStore } from 'learning-store'
import { whileElected } from '../shared/election.ts'
import { beginPage, showFailure, showPage } from '../shared/page.ts'
import { browserClock } from '../shared/tempo.ts'
import { FleetPage } from './fleet-page.ts'
import { Project } from './project.ts'
import { runFleet } from './runner.ts'

/** Seed of the project and of the exploration of the agents. */
const SEED = 1

beginPage({ 'fleet-page': FleetPage })

try {
  const store = await openLearningStore({ storage: 'indexeddb:demo-fleet', seed: SEED })
  const project = new Project(SEED)
  const page = new FleetPage()
  Object.assign(page, { store, project, isRunner: false })
  showPage(page)
  await whileElected('demo-fleet', async (signal) => {
    page.isRunner = true
    await runFleet(store, project, browserClock, signal)
    page.isRunner = false
  })
} catch (error) {
  showFailure(error)
}
