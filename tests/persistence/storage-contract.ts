import { afterEach, beforeEach, describe } from 'vitest'
import { appendContract } from './append-contract.ts'
import { crashContract } from './crash-contract.ts'
import { damageContract } from './damage-contract.ts'
import { leaseContract } from './lease-contract.ts'
import type { Bench, Cannot, MakeBench } from './storage-under-test.ts'

/** What every storage that keeps a log must do. @param cannot what this one cannot, with the reason. */
export function storageContract(name: string, makeBench: MakeBench, cannot: Cannot = {}): void {
  describe(name, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = await makeBench()
    })
    afterEach(async () => {
      await bench.dispose()
    })
    const current = (): Bench => bench
    appendContract(current)
    damageContract(current)
    crashContract(makeBench)
    leaseContract(current, cannot)
  })
}
