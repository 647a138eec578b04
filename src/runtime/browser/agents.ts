import { type AgentClasses, agentClasses } from '../agents.ts'
import { sharedStore } from '../shared-store.ts'
import { AGENTIC_QE_STORAGE } from './default-storage.ts'
import { openLearningStore } from './open.ts'

/** Without a store: `indexeddb:agentic-qe`, which all users in this page share. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() =>
  sharedStore('', () => openLearningStore({ storage: AGENTIC_QE_STORAGE })),
)

/** What `new LearningEngine` makes. */
export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
/** Learning from tasks, for one agent with a stable name; without a store, in `indexeddb:agentic-qe`. @class */
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
/** What extends `BaseAgent`. */
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
/** An agent that learns by itself from every task; without a store, in `indexeddb:agentic-qe`. @class */
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
/** What `new LearningDatabase` makes. */
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
/** The learning database of MCP-Agent; without a store, in `indexeddb:agentic-qe`. @class */
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
/** What `new AdaptiveLearningEngine` makes. */
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
/** Learns which pattern serves which task best; without a store, in `indexeddb:agentic-qe`. @class */
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
