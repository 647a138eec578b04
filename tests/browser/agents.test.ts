import { BaseAgent, LearningEngine, openLearningStore } from 'learning-store'
import { agentsContract } from '../agents/agents-contract.ts'

const session = crypto.randomUUID()

for (const worker of [false, 'dedicated', 'shared'] as const) {
  agentsContract(worker ? `in a ${worker} worker` : 'local in a page', {
    classes: { BaseAgent, LearningEngine },
    open: (name) => openLearningStore({ place: `indexeddb:${session}-${name}`, seed: 7, worker }),
  })
}
