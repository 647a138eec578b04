import { openLearningStore } from '../../../src/entry/node.ts'
import { decisionsContract } from './decisions-contract.ts'

decisionsContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
