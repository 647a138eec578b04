/** The entry point of the lazy module `maintenance`: imports, merges and pruning. */

export { applyImport } from './apply-import.ts'
export { merge } from './merge.ts'
export { checkPrune, prune } from './pruning.ts'
