// Rows of the known results, through a store: what is exact, each transition recorded in its published proportion and planned
// from; what is statistical, by agents that choose and learn. Sources, settings and tolerances stand at the rows, in
// examples/known-results. Seed 1 throughout: no seed was searched for. `npm run verify` prints the same as a table. The
// bandits, which take minutes, are in files of their own.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { EXACT } from '../../../examples/known-results/exact.ts'
import { LEARNED } from '../../../examples/known-results/learned.ts'
import { NEVER_RECURRING } from '../../../examples/known-results/never-recurring.ts'
import { queriesIn, routing } from '../../../examples/known-results/routing.ts'
import { knownResults } from './known-results-contract.ts'

describe('exact', () => knownResults(EXACT))
describe('statistical', () => knownResults(LEARNED))
describe('states that never recur', () => knownResults(NEVER_RECURRING))

const data = process.env.LEARNING_STORE_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const queries = queriesIn(join(data, 'clinc150-routing.csv'))
describe.skipIf(!queries)('texts (skipped where LEARNING_STORE_DATA holds no clinc150-routing.csv)', () =>
  knownResults([routing(queries ?? [])]),
)
