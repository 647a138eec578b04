import { agentRoutes } from './agents.ts'
import { decisionRoutes } from './decisions.ts'
import { experienceRoutes } from './experiences.ts'
import { memoryRoutes } from './memory.ts'
import { patternRoutes } from './patterns.ts'
import type { Route } from './route.ts'

/** The operations of a store over HTTP. */
export const STORE_ROUTES: readonly Route[] = [
  ...agentRoutes,
  ...decisionRoutes,
  ...experienceRoutes,
  ...patternRoutes,
  ...memoryRoutes,
]
