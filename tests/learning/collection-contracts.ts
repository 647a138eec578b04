import type { AsyncStore } from '../../src/entry/node.ts'
import { decisionsContract } from './decisions/decisions-contract.ts'
import { evaluationContract } from './evaluation/evaluation-contract.ts'
import { experienceFiltersContract } from './experiences/experience-filters-contract.ts'
import { fleetContract } from './fleet/fleet-contract.ts'
import { inspectionContract } from './inspection/inspection-contract.ts'
import { linearContract } from './linear/linear-contract.ts'
import { memoryContract } from './memory/memory-contract.ts'
import { memorySearchContract } from './memory/memory-search-contract.ts'
import { testPatternsContract } from './test-patterns/test-patterns-contract.ts'

/** The contracts of the collections and the lazy modules, which hold wherever a store runs. @param open opens an empty store with seed 7 */
export function collectionContracts(name: string, open: () => Promise<AsyncStore>): void {
  decisionsContract(name, open)
  evaluationContract(name, open)
  experienceFiltersContract(name, open)
  inspectionContract(name, open)
  memoryContract(name, open)
  memorySearchContract(name, open)
  fleetContract(name, open)
  linearContract(name, open)
  testPatternsContract(name, open)
}
