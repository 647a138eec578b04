import { inject } from 'vitest'
import { RUNTIMES, runInProcess } from './processes.ts'
import { report } from './report.ts'

const installed = inject('withPackage')
const clients = RUNTIMES.map(async (runtime) => {
  return { ...runtime, outcomes: await runInProcess(runtime, 'programs/process-client.ts', installed) }
})
for (const { name, outcomes } of await Promise.all(clients)) report(name, outcomes)
