import { openLearningStore } from '../../../src/entry/node.ts'
import { evaluationContract } from './evaluation-contract.ts'

evaluationContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))
