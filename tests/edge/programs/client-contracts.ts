import * as edge from 'learning-store/edge'
import {
  type AsyncStore,
  type Durability,
  type EdgeStoreOptions,
  MemoryMedium,
  memoryStorage,
  type ObservationOptions,
} from 'learning-store/edge'
import { type MockInstance, vi } from 'vitest'
import { type AgentsHarness, agentsContract } from '../../agents/agents-contract.ts'
import { type McpAgentHarness, mcpAgentContract } from '../../agents/mcp-agent-contract.ts'
import { clientContract } from '../../client/client-contract.ts'
import { watchingContract } from '../../client/live-contract.ts'
import { operationsContract } from '../../client/operations-contract.ts'
import { planContract } from '../../learning/agents/plan-contract.ts'
import { policiesContract } from '../../learning/agents/policies-contract.ts'
import { collectionContracts } from '../../learning/collection-contracts.ts'
import { storeContract } from '../../learning/store-contract.ts'
import { jobsContract } from '../../transfer/jobs-contract.ts'
import { refusals } from './refusals.ts'

/** The classes for agents of an entry of the package. */
type Classes = AgentsHarness['classes'] & McpAgentHarness['classes']

/** Opens a store with seed 7 in the storage of this name. */
export type OpenNamed = (
  name: string,
  options?: Pick<EdgeStoreOptions, 'durability'> & ObservationOptions,
) => Promise<AsyncStore>

/** Everything that a client promises, of `learning-store/edge` as this runtime resolves it, in memory. */
export function clientContracts(): void {
  const open = (): Promise<AsyncStore> => edge.openLearningStore({ storage: 'memory:', seed: 7 })
  const other = (): Promise<AsyncStore> => edge.openLearningStore({ storage: 'memory:', seed: 8 })
  for (const contract of [storeContract, policiesContract, planContract, collectionContracts])
    contract('in memory', open)
  jobsContract('in memory', open, other)
  refusals()

  const media = new Map<string, MemoryMedium>()
  const onMedium: OpenNamed = (name, options) => {
    const medium = media.get(name) ?? new MemoryMedium()
    media.set(name, medium)
    return edge.openLearningStore({ seed: 7, storage: memoryStorage(medium), ...options })
  }
  // The contracts above are relaxed already.
  placedContracts('on a medium in memory', edge, onMedium, ['strict'])
}

/** What needs a storage with a log, that can be opened again by its name, also strict unless that takes too long there. */
export function placedContracts(
  where: string,
  classes: Classes,
  open: OpenNamed,
  durabilities: readonly Durability[] = ['relaxed', 'strict'],
): void {
  let stores = 0
  const harness = {
    batches: false,
    open: (options: { durability: Durability } & ObservationOptions) => open(`client-${stores++}`, options),
    reports,
  }
  clientContract(where, harness)
  watchingContract(where, harness)
  operationsContract(where, harness)
  for (const durability of durabilities) {
    const name = `${where}, ${durability}`
    const named: OpenNamed = (storage) => open(storage, { durability })
    storeContract(name, () => open(`store-${stores++}`, { durability }))
    agentsContract(name, { classes, open: named })
    mcpAgentContract(name, { classes, open: named })
  }
}

/** Where this runtime shows what a listener threw. */
function reports(): MockInstance {
  const quiet = (): void => {}
  if (typeof process === 'object' && typeof process.emitWarning === 'function')
    return vi.spyOn(process, 'emitWarning').mockImplementation(quiet)
  if (typeof reportError === 'function') return vi.spyOn(globalThis, 'reportError').mockImplementation(quiet)
  return vi.spyOn(console, 'error').mockImplementation(quiet)
}
