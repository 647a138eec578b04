import * as plan from '../src/learning/agents/plan.ts'
import * as recommendation from '../src/learning/agents/recommendation.ts'
import type { CoreOptions } from '../src/learning/core/core.ts'
import * as replay from '../src/learning/core/replay.ts'
import { DecisionsModule } from '../src/learning/decisions/index.ts'
import * as deletion from '../src/learning/deletion.ts'
import * as evaluation from '../src/learning/evaluation/evaluation.ts'
import * as executions from '../src/learning/executions/index.ts'
import { Fleet } from '../src/learning/fleet/fleet.ts'
import { History } from '../src/learning/history/index.ts'
import * as inspection from '../src/learning/inspection/inspection.ts'
import type { LazyModuleFactories } from '../src/learning/lazy-modules.ts'
import { LearningStore } from '../src/learning/learning-store.ts'
import { CachedLinearModels } from '../src/learning/linear/cached-models.ts'
import * as maintenance from '../src/learning/maintenance/index.ts'
import { Memory } from '../src/learning/memory/memory.ts'
import { Patterns } from '../src/learning/patterns/patterns.ts'
import { PatternBank } from '../src/learning/test-patterns/index.ts'
import type { Connection } from '../src/sql/connection.ts'

export const ALL_PARTS: LazyModuleFactories = {
  decisions: (core) => new DecisionsModule(core),
  history: (core) => new History(core),
  evaluation: () => evaluation,
  executions: () => executions,
  fleet: (core) => new Fleet(core),
  inspection: () => inspection,
  linear: (core) => new CachedLinearModels(core),
  memory: (core) => new Memory(core),
  testPatterns: (core) => new PatternBank(core),
  patterns: (core) => new Patterns(core),
  deletion: () => deletion,
  plan: () => plan,
  recommendation: () => recommendation,
  replay: () => replay,
  maintenance: () => maintenance,
}

/** A synchronous store that has all its parts from the start. */
export function completeStore(connection: Connection, options: CoreOptions): LearningStore {
  return new LearningStore(connection, options, ALL_PARTS)
}
