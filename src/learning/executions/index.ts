/** The entry point of the lazy module `executions`: learning from completed tasks. */
export { isEnabled, setEnabled } from './enablement.ts'
export { checkExecution } from './execution.ts'
export { learnFromExecution } from './executions.ts'
export { statisticsOf } from './statistics.ts'
