import { openLearningStore } from '../../../src/entry/node.ts'
import { linearContract } from './linear-contract.ts'

linearContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
