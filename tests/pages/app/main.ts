import * as learningStore from 'learning-store'
import * as webMcp from 'learning-store/webmcp'
import { spoil } from './attack.ts'
import { contentOf } from './content.ts'
import { fleetOn } from './fleet.ts'
import { inspect } from './inspect.ts'
import { learnOn } from './learner.ts'
import { obey } from './obey.ts'
import { outcome } from './outcome.ts'

Object.assign(globalThis, { learningStore, webMcp, contentOf, fleetOn, inspect, learnOn, outcome, spoil })
const asWhom = new URLSearchParams(location.search).get('obey')
if (asWhom !== null) void obey(asWhom)
