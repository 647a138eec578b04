// The known results of bandits, through a store; see known-results.test.ts.
import { REGRETS } from '../../../examples/known-results/bandits.ts'
import { knownResults } from './known-results-contract.ts'

knownResults(REGRETS)
