import type * as entry from '../../../src/entry/browser.ts'
import type * as webMcpEntry from '../../../src/entry/webmcp.ts'
import type * as attack from './attack.ts'
import type * as content from './content.ts'
import type * as fleet from './fleet.ts'
import type * as inspection from './inspect.ts'
import type * as learner from './learner.ts'
import type * as outcomes from './outcome.ts'

export type Options = NonNullable<Parameters<typeof entry.openLearningStore>[0]>

declare global {
  /** What a program finds in the page, beside the platform. */
  var learningStore: typeof entry
  var webMcp: typeof webMcpEntry
  /** Withdraws the tools of the page. */
  var withdrawal: AbortController
  var contentOf: typeof content.contentOf
  var fleetOn: typeof fleet.fleetOn
  var inspect: typeof inspection.inspect
  var learnOn: typeof learner.learnOn
  var outcome: typeof outcomes.outcome
  var spoil: typeof attack.spoil
  /** The store that the page has open. */
  var store: entry.AsyncStore
  /** Memory that nothing else can have. */
  var taken: WebAssembly.Memory[]
  /** The commits that the page was told of. */
  var heard: number[]
}
