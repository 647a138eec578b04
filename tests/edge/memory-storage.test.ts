import { report } from './report.ts'
import { runInWorkerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/memory-storage.ts'))
report('workerd without nodejs_compat', await runInWorkerd('programs/memory-storage.ts', { compatibilityFlags: [] }))
