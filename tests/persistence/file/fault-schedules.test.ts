import { faultSchedules } from '../fault-schedules.ts'
import { fileHarness } from './file-under-test.ts'

faultSchedules('A storage in a file', fileHarness, process.env.LEARNING_STORE_LONG ? 3_000 : 30)
