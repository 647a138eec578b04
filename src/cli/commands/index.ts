import type { CommandSpec } from '../command.ts'
import { doctor } from './doctor.ts'
import { exporting, learnExport } from './export.ts'
import { importing, merging } from './import.ts'
import { learnHistory } from './learn-history.ts'
import { learnReset } from './learn-reset.ts'
import { learnStatus } from './learn-status.ts'
import { learnDisable, learnEnable } from './learn-switch.ts'
import { learnTrain } from './learn-train.ts'
import { mcp } from './mcp.ts'
import { memoryForget, memoryList, memorySearch, memoryShow } from './memory.ts'
import { patternsList } from './patterns-list.ts'
import { patternsSearch } from './patterns-search.ts'
import { patternsDelete, patternsShare, patternsShow, patternsStats } from './patterns-show.ts'
import { patternsExport, patternsImport } from './patterns-transfer.ts'
import { query } from './query.ts'
import { serve } from './serve.ts'
import { snapshot } from './snapshot.ts'
import { tables } from './tables.ts'
import { verify } from './verify.ts'

/** Descriptions of the groups of commands. */
export const GROUPS: { readonly [group: string]: string } = {
  learn: 'inspect, train, export and reset agents',
  patterns: 'list, search and share strategies and test patterns',
  memory: 'list, search and delete entries of the shared memory',
}

/** In the order of the help text. */
export const COMMANDS: readonly CommandSpec[] = [
  learnStatus,
  learnHistory,
  learnExport,
  learnTrain,
  learnReset,
  learnEnable,
  learnDisable,
  patternsList,
  patternsSearch,
  patternsShow,
  patternsStats,
  patternsShare,
  patternsImport,
  patternsExport,
  patternsDelete,
  memoryList,
  memorySearch,
  memoryShow,
  memoryForget,
  importing,
  exporting,
  merging,
  verify,
  doctor,
  snapshot,
  tables,
  query,
  serve,
  mcp,
]
