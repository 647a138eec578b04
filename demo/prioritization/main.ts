import { openLearningStore } from 'learning-store'
import '../shared/page.ts'
import { PrioritizationPage } from './prioritization-page.ts'

const page = new PrioritizationPage()
page.openStore = () => openLearningStore({ place: 'memory:', worker: 'dedicated' })
document.querySelector('#app')?.replaceChildren(page)
