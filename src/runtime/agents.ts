import {
  type AdaptiveLearningOptions,
  AdaptiveLearningEngine as AnyAdaptiveLearningEngine,
} from '../agents/adaptive-learning-engine.ts'
import { BaseAgent as AnyAgent, type BaseAgentOptions } from '../agents/base-agent.ts'
import type { LearningEngineOptions } from '../agents/engine-options.ts'
import { LearningDatabase as AnyLearningDatabase } from '../agents/learning-database.ts'
import { LearningEngine as AnyLearningEngine } from '../agents/learning-engine.ts'
import type { AgentPlatform } from '../agents/platform.ts'
import type { StoreOptions } from '../agents/shared-store-handle.ts'
import { clientPlatform } from './client-platform.ts'
import { coreDefaults } from './defaults.ts'

/** The agent classes of one runtime. Without a store they open its default storage. */
export interface AgentClasses {
  /** Learns from tasks, for one agent with a stable name. @throws INVALID_ARGUMENT */
  readonly LearningEngine: new (
    agentId: string,
    options?: LearningEngineOptions,
  ) => AnyLearningEngine
  /** An agent that learns from every task. @throws INVALID_ARGUMENT */
  readonly BaseAgent: abstract new (
    options: BaseAgentOptions,
  ) => AnyAgent
  /** The learning database of MCP-Agent's learning database document. @throws INVALID_ARGUMENT */
  readonly LearningDatabase: new (
    options?: StoreOptions,
  ) => AnyLearningDatabase
  /** Learns which pattern works best for which task. @throws INVALID_ARGUMENT */
  readonly AdaptiveLearningEngine: new (
    options?: AdaptiveLearningOptions,
  ) => AnyAdaptiveLearningEngine
}

/** @param openStore opens the default storage, or joins its other users */
export function agentClasses(openStore: AgentPlatform['openStore']): AgentClasses {
  const platform: AgentPlatform = {
    openStore,
    now: coreDefaults({ seed: 0 }).now,
    report: (error) => clientPlatform.report(error),
  }
  class LearningEngine extends AnyLearningEngine {
    constructor(agentId: string, options: LearningEngineOptions = {}) {
      super(agentId, options, platform)
    }
  }
  abstract class BaseAgent extends AnyAgent {
    constructor(options: BaseAgentOptions) {
      super(options, platform)
    }
  }
  class LearningDatabase extends AnyLearningDatabase {
    constructor(options: StoreOptions = {}) {
      super(options, platform)
    }
  }
  class AdaptiveLearningEngine extends AnyAdaptiveLearningEngine {
    constructor(options: AdaptiveLearningOptions = {}) {
      super(options, platform)
    }
  }
  return { LearningEngine, BaseAgent, LearningDatabase, AdaptiveLearningEngine }
}
