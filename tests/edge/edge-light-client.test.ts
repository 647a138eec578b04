import { runInEdgeRuntime } from './edge-runtime.ts'
import { report } from './report.ts'

report('edge-runtime', await runInEdgeRuntime('programs/edge-light-client.ts'))
