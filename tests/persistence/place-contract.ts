import { afterEach, beforeEach, describe } from 'vitest'
import type { Bench, Cannot, MakeBench } from './bench.ts'
import { claimContract } from './claim-contract.ts'
import { crashContract } from './crash-contract.ts'
import { damageContract } from './damage-contract.ts'
import { keepingContract } from './keeping-contract.ts'

/** What every place that keeps a log must do. @param cannot what this one cannot, with the reason. */
export function placeContract(name: string, makeBench: MakeBench, cannot: Cannot = {}): void {
  describe(name, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = await makeBench()
    })
    afterEach(async () => {
      await bench.dispose()
    })
    const current = (): Bench => bench
    keepingContract(current)
    damageContract(current)
    crashContract(makeBench)
    claimContract(current, cannot)
  })
}
