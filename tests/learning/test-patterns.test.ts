import { openLearningStore } from '../../src/index.ts'
import { testPatternsContract } from './test-patterns-contract.ts'

testPatternsContract('local in memory', () => openLearningStore({ place: 'memory:', seed: 7 }))
