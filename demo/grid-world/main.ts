import { openLearningStore } from 'learning-store'
import { beginPage, showPage } from '../shared/page.ts'
import { GridPage } from './grid-page.ts'

beginPage({ 'grid-page': GridPage })

const page = new GridPage()
page.openStore = (seed) => openLearningStore({ storage: 'memory:', worker: 'dedicated', seed })
showPage(page)
