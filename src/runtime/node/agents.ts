import { type AgentClasses, agentClasses } from '../agents.ts'
import { sharedStore } from '../shared-store.ts'
import { agenticQeStorage } from './default-storage.ts'
import { openLearningStore } from './open.ts'

/** Without a store: the default of agentic-qe's persistence document, which all users in this process share. */
const classes: AgentClasses = /* @__PURE__ */ agentClasses(() => {
  const storage = agenticQeStorage()
  return sharedStore(`${process.cwd()}\n${storage}`, () => openLearningStore({ storage }))
})

/** What `new LearningEngine` makes. */
export type LearningEngine = InstanceType<AgentClasses['LearningEngine']>
/** Learning from tasks, for one agent with a stable name; without a store, in the file that AQE_DB_PATH names or `.agentic-qe/memory.db`. @class */
export const LearningEngine: AgentClasses['LearningEngine'] = classes.LearningEngine
/** What extends `BaseAgent`. */
export type BaseAgent = InstanceType<AgentClasses['BaseAgent']>
/** An agent that learns by itself from every task; without a store, in the file that AQE_DB_PATH names or `.agentic-qe/memory.db`. @class */
export const BaseAgent: AgentClasses['BaseAgent'] = classes.BaseAgent
/** What `new LearningDatabase` makes. */
export type LearningDatabase = InstanceType<AgentClasses['LearningDatabase']>
/** The learning database of MCP-Agent; without a store, in the file that AQE_DB_PATH names or `.agentic-qe/memory.db`. @class */
export const LearningDatabase: AgentClasses['LearningDatabase'] = classes.LearningDatabase
/** What `new AdaptiveLearningEngine` makes. */
export type AdaptiveLearningEngine = InstanceType<AgentClasses['AdaptiveLearningEngine']>
/** Learns which pattern serves which task best; without a store, in the file that AQE_DB_PATH names or `.agentic-qe/memory.db`. @class */
export const AdaptiveLearningEngine: AgentClasses['AdaptiveLearningEngine'] = classes.AdaptiveLearningEngine
