import type { Core } from '../core/core.ts'
import { TestPatternBank } from './bank.ts'
import { TestPatterns } from './test-patterns.ts'

/**
 * The entry point of the lazy module `testPatterns`: the operations of the pattern bank, and the bank, which imports
 * use too.
 */
export class PatternBank {
  readonly bank: TestPatternBank
  readonly operations: TestPatterns

  constructor(core: Core) {
    this.bank = new TestPatternBank(core)
    this.operations = new TestPatterns(core, this.bank)
  }
}
