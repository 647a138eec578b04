import { fleetAdditions } from './fleet-additions.ts'
import { learnerAdditions } from './learner-additions.ts'
import { patternBankAdditions } from './pattern-bank-additions.ts'
import { replicaAdditions } from './replica-additions.ts'

/** What version 3 added. */
export const version3: readonly string[] = [
  ...learnerAdditions,
  ...replicaAdditions,
  ...fleetAdditions,
  ...patternBankAdditions,
]
