import type { Core } from '../core/core.ts'
import { TestPatternBank } from './bank.ts'
import { TestPatterns } from './test-patterns.ts'

/** The pattern bank of a store: its acts, and what they and imports stand on. */
export class PatternBank {
  readonly bank: TestPatternBank
  readonly acts: TestPatterns

  constructor(core: Core) {
    this.bank = new TestPatternBank(core)
    this.acts = new TestPatterns(core, this.bank)
  }
}
