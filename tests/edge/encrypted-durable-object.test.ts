import { report } from './report.ts'
import { runInWorkerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/encrypted-durable-object.ts'))
