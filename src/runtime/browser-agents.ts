import {
  type AdaptiveLearningOptions,
  AdaptiveLearningEngine as AnyAdaptiveLearningEngine,
} from '../agents/adaptive-learning-engine.ts'
import { BaseAgent as AnyAgent, type BaseAgentOptions } from '../agents/base-agent.ts'
import type { LearningEngineOptions } from '../agents/engine-options.ts'
import { LearningDatabase as AnyLearningDatabase } from '../agents/learning-database.ts'
import { LearningEngine as AnyLearningEngine } from '../agents/learning-engine.ts'
import type { AgentPlatform } from '../agents/platform.ts'
import type { StoreOptions } from '../agents/store-in-use.ts'
import { openLearningStore } from './browser.ts'
import { coreDefaults } from './defaults.ts'
import { facePlatform } from './face-platform.ts'
import { sharedStore } from './shared-store.ts'

/** A browser: the default place, of which all users in this page share one open store. */
export const browserAgents: AgentPlatform = {
  openStore: () => sharedStore('', openLearningStore),
  now: coreDefaults({ seed: 0 }).now,
  report: (error) => facePlatform.report(error),
}

/** Learning from tasks, for one agent; without a store, in the default place. */
export class LearningEngine extends AnyLearningEngine {
  /** @param agentId the stable name of the learner. @throws INVALID_ARGUMENT */
  constructor(agentId: string, options: LearningEngineOptions = {}) {
    super(agentId, options, browserAgents)
  }
}

/** An agent that learns by itself from every task; without a store, in the default place. */
export abstract class BaseAgent extends AnyAgent {
  /** @throws INVALID_ARGUMENT */
  constructor(options: BaseAgentOptions) {
    super(options, browserAgents)
  }
}

/** The learning database of MCP-Agent; without a store, in the default place. */
export class LearningDatabase extends AnyLearningDatabase {
  /** @throws INVALID_ARGUMENT */
  constructor(options: StoreOptions = {}) {
    super(options, browserAgents)
  }
}

/** Learns which pattern serves which task best; without a store, in the default place. */
export class AdaptiveLearningEngine extends AnyAdaptiveLearningEngine {
  /** @throws INVALID_ARGUMENT */
  constructor(options: AdaptiveLearningOptions = {}) {
    super(options, browserAgents)
  }
}
