import { StoreError } from '../errors.ts'
import { type AgentClasses, agentClasses } from './agents.ts'

/** There is no default place: they work on a store that they are given. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() =>
  Promise.reject(new StoreError('INVALID_ARGUMENT', 'Expected a store: there is no default place on the edge')),
)

export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
