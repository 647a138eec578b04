import { afterEach, beforeEach, describe } from 'vitest'
import { appendContract } from './append-contract.ts'
import { crashContract } from './crash-contract.ts'
import { damageContract } from './damage-contract.ts'
import { leaseContract } from './lease-contract.ts'
import { readerContract } from './reader-contract.ts'
import type { Harness, Limitations, MakeHarness } from './storage-under-test.ts'
import { wrapperContract } from './wrapper-contract.ts'

/** What every storage with a log must do. @param limitations what this one cannot do, with the reasons */
export function storageContract(name: string, makeHarness: MakeHarness, limitations: Limitations = {}): void {
  describe(name, () => {
    let harness: Harness
    beforeEach(async () => {
      harness = await makeHarness()
    })
    afterEach(async () => {
      await harness.dispose()
    })
    const current = (): Harness => harness
    appendContract(current)
    damageContract(current)
    crashContract(makeHarness)
    leaseContract(current, limitations)
    readerContract(current, limitations)
    wrapperContract(current)
  })
}
