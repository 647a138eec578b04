/** What only long work needs: taking in, merging, removing. */

export { applyImport } from './apply-import.ts'
export { merge } from './merge.ts'
export { checkPrune, prune } from './pruning.ts'
