import { StoreError } from '../../errors.ts'
import { type AgentClasses, agentClasses } from '../agents.ts'

/** There is no default storage: they work on a store that they are given. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() =>
  Promise.reject(new StoreError('INVALID_ARGUMENT', 'Expected a store: there is no default storage on the edge')),
)

/** What `new LearningEngine` makes. */
export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
/** Learning from tasks, for one agent with a stable name; on the store that it is given. @class */
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
/** What extends `BaseAgent`. */
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
/** An agent that learns by itself from every task; on the store that it is given. @class */
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
/** What `new LearningDatabase` makes. */
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
/** The learning database of MCP-Agent; on the store that it is given. @class */
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
/** What `new AdaptiveLearningEngine` makes. */
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
/** Learns which pattern serves which task best; on the store that it is given. @class */
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
