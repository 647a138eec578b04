// Rows of the known results, through a store: what is exact, each transition recorded in its published proportion and planned
// from; what is statistical, by agents that choose and learn. Sources, settings and tolerances stand at the rows, in
// examples/known-results. Seed 1 throughout: no seed was searched for. `npm run verify` prints the same as a table. The
// bandits, which take minutes, are in files of their own.
import { describe } from 'vitest'
import { EXACT } from '../../../examples/known-results/exact.ts'
import { LEARNED } from '../../../examples/known-results/learned.ts'
import { UNSEEN } from '../../../examples/known-results/unseen-states.ts'
import { knownResults } from './known-results-contract.ts'

describe('exact', () => knownResults(EXACT))
describe('statistical', () => knownResults(LEARNED))
describe('states that never recur', () => knownResults(UNSEEN))
