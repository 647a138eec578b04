import { openLearningStore } from 'learning-store'
import { recordCalls, recordTools } from 'learning-store/ai-sdk'
import { LearningStoreMemory } from 'learning-store/langgraph'
import { createMcpHandler, createMcpServer } from 'learning-store/mcp'
import { LearningStoreProvider, useLearningStore, useLive } from 'learning-store/react'

export {
  createMcpHandler,
  createMcpServer,
  LearningStoreMemory,
  LearningStoreProvider,
  recordCalls,
  recordTools,
  useLive,
}
export const useStore = (): string => useLearningStore(() => openLearningStore({ storage: 'memory:' })).status
