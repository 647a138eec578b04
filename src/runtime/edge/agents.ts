import { StoreError } from '../../errors.ts'
import { type AgentClasses, agentClasses } from '../agents.ts'

/** The edge has no default storage: the classes need a store. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() =>
  Promise.reject(new StoreError('INVALID_ARGUMENT', 'Expected a store: there is no default storage on the edge')),
)

/** An instance of `LearningEngine`. */
export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
/** Learns from tasks, for one agent with a stable name; needs a store. @class */
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
/** An instance of a class that extends `BaseAgent`. */
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
/** An agent that learns from every task; needs a store. @class */
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
/** An instance of `LearningDatabase`. */
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
/** The learning database of MCP-Agent's learning database document; needs a store. @class */
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
/** An instance of `AdaptiveLearningEngine`. */
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
/** Learns which pattern works best for which task; needs a store. @class */
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
