import { type AgentClasses, agentClasses } from './agents.ts'
import { openLearningStore } from './browser.ts'
import { sharedStore } from './shared-store.ts'

/** Without a store: the default place, of which all users in this page share one open store. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() => sharedStore('', openLearningStore))

export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
