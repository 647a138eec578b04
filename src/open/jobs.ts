import { failedToLoad } from '../errors.ts'
import type { LazyModuleName } from '../learning/lazy-modules.ts'
import type { Job, JobResults } from '../transfer/job.ts'
import type { JobTarget, Tick } from '../transfer/run-job.ts'

/** The lazy modules that each long operation needs. */
const LAZY_MODULES_OF: { readonly [K in Job['kind']]: readonly LazyModuleName[] } = {
  import: ['maintenance', 'testPatterns', 'linear'],
  prune: ['maintenance', 'linear'],
  export: ['inspection', 'patterns'],
  snapshot: [],
  compact: [],
}

/** Runs a job with the code that it needs, which is loaded on first use: most programs never need it. */
export async function runStoreJob(target: JobTarget, job: Job, tick: Tick): Promise<JobResults[Job['kind']]> {
  const loading = import('../transfer/run-job.ts').catch(failedToLoad('long operations'))
  const [{ runJob }] = await Promise.all([loading, target.store.lazyModules.load(...LAZY_MODULES_OF[job.kind])])
  return runJob(target, job, tick)
}
