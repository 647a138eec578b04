import { openLearningStore } from '../../src/entry/node.ts'
import { jobsContract } from './jobs-contract.ts'

jobsContract(
  'local in memory',
  () => openLearningStore({ storage: 'memory:', seed: 7 }),
  () => openLearningStore({ storage: 'memory:', seed: 8 }),
)
