import { openLearningStore } from '../../src/index.ts'
import { evaluationContract } from './evaluation-contract.ts'

evaluationContract('local in memory', () => openLearningStore({ place: 'memory:', seed: 7 }))
