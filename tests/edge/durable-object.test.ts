import { report } from './report.ts'
import { runInWorkerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/durable-object.ts'))
report('workerd without nodejs_compat', await runInWorkerd('programs/durable-object.ts', { compatibilityFlags: [] }))
