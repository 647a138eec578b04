import type { Core } from '../core/core.ts'
import { TestPatternBank } from './bank.ts'
import { TestPatterns } from './test-patterns.ts'

/** The pattern bank of a store: its operations, and what they and imports stand on. */
export class PatternBank {
  readonly bank: TestPatternBank
  readonly operations: TestPatterns

  constructor(core: Core) {
    this.bank = new TestPatternBank(core)
    this.operations = new TestPatterns(core, this.bank)
  }
}
