import { faultSchedules } from '../fault-schedules.ts'
import { memoryHarness } from './memory-under-test.ts'

faultSchedules('A storage in memory', memoryHarness, process.env.LEARNING_STORE_LONG ? 5_000 : 100)
