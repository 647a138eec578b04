import { BaseAgent as AnyAgent, type BaseAgentOptions } from '../agents/base-agent.ts'
import type { LearningEngineOptions } from '../agents/engine-options.ts'
import { LearningEngine as AnyLearningEngine } from '../agents/learning-engine.ts'
import type { AgentPlatform } from '../agents/platform.ts'
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
