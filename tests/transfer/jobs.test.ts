import { openLearningStore } from '../../src/entry/node.ts'
import { jobsContract } from './jobs-contract.ts'

jobsContract(
  'local in memory',
  () => openLearningStore({ place: 'memory:', seed: 7 }),
  () => openLearningStore({ place: 'memory:', seed: 8 }),
)
