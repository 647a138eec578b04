import { openLearningStore } from 'learning-store'
import '../shared/page.ts'
import { GridPage } from './grid-page.ts'

const page = new GridPage()
page.openStore = (seed) => openLearningStore({ place: 'memory:', worker: 'dedicated', seed })
document.querySelector('#app')?.replaceChildren(page)
