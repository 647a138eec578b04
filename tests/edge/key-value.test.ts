import { report } from './report.ts'
import { runInWorkerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/key-value.ts', { compatibilityFlags: [] }))
