import { Bookkeeping } from '../src/learning/bookkeeping.ts'
import type { CoreOptions } from '../src/learning/core.ts'
import * as evaluation from '../src/learning/evaluation.ts'
import * as executing from '../src/learning/executing.ts'
import { Fleet } from '../src/learning/fleet.ts'
import * as inspection from '../src/learning/inspection.ts'
import { LearningStore } from '../src/learning/learning-store.ts'
import { Memory } from '../src/learning/memory.ts'
import type { PartMakers } from '../src/learning/parts.ts'
import { PatternBank } from '../src/learning/pattern-bank.ts'
import { Patterns } from '../src/learning/patterns.ts'
import * as plan from '../src/learning/plan.ts'
import * as upkeep from '../src/learning/upkeep.ts'
import type { Connection } from '../src/sql/connection.ts'

export const ALL_PARTS: PartMakers = {
  bookkeeping: (core) => new Bookkeeping(core),
  evaluation: () => evaluation,
  executing: () => executing,
  fleet: (core) => new Fleet(core),
  inspection: () => inspection,
  memory: (core) => new Memory(core),
  patternBank: (core) => new PatternBank(core),
  patterns: (core) => new Patterns(core),
  plan: () => plan,
  upkeep: () => upkeep,
}

/** A synchronous store that has all its parts from the start. */
export function completeStore(connection: Connection, options: CoreOptions): LearningStore {
  return new LearningStore(connection, options, ALL_PARTS)
}
