/** What the classes that learn from tasks by themselves ask of an agent. */
export { isEnabled, setEnabled } from './enablement.ts'
export { checkExecution } from './execution.ts'
export { learnFromExecution } from './executions.ts'
export { statisticsOf } from './statistics.ts'
