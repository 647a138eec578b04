import type { Tool } from './tool.ts'
import { listAgents } from './tools/agents.ts'
import { decide, reward } from './tools/decisions.ts'
import { evaluatePolicy } from './tools/evaluation.ts'
import { listExperiences, recordExperience } from './tools/experiences.ts'
import { recall, remember } from './tools/memory.ts'
import { searchPatterns } from './tools/patterns.ts'
import { explain, recommend } from './tools/recommendations.ts'

/** The tools that a learning store offers to language models. They know nothing of a protocol. */
export const TOOLS: readonly Tool[] = [
  decide,
  reward,
  recordExperience,
  recommend,
  explain,
  listAgents,
  listExperiences,
  remember,
  recall,
  searchPatterns,
  evaluatePolicy,
]
