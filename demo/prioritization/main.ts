import { openLearningStore } from 'learning-store'
import { beginPage, showPage } from '../shared/page.ts'
import { LogInput } from './log-input.ts'
import { PrioritizationPage } from './prioritization-page.ts'

beginPage({ 'log-input': LogInput, 'prioritization-page': PrioritizationPage })

const page = new PrioritizationPage()
page.openStore = () => openLearningStore({ storage: 'memory:', worker: 'dedicated' })
showPage(page)
