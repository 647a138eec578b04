import { coordinationSchema } from './coordination.ts'
import { executionPatternsSchema } from './execution-patterns.ts'
import { experiencesSchema } from './experiences.ts'
import { fleetSchema } from './fleet.ts'
import { learnersSchema } from './learners.ts'
import { memorySchema } from './memory.ts'
import { metricsSchema } from './metrics.ts'
import { patternsSchema } from './patterns.ts'
import { preferencesSchema } from './preferences.ts'
import { storeSchema } from './store.ts'
import { testPatternViews } from './test-pattern-views.ts'
import { testPatternsSchema } from './test-patterns.ts'
import { valuesSchema } from './values.ts'

/** Schema version 1: the statements that create it in an empty database, in order. */
export const version1: readonly string[] = [
  ...experiencesSchema,
  ...valuesSchema,
  ...learnersSchema,
  ...patternsSchema,
  ...executionPatternsSchema,
  ...preferencesSchema,
  ...metricsSchema,
  ...testPatternsSchema,
  ...testPatternViews,
  ...memorySchema,
  ...fleetSchema,
  ...coordinationSchema,
  ...storeSchema,
]
