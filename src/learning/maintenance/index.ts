/** What only long work needs: taking in, merging, removing. */

export { takeIn } from './apply-import.ts'
export { merge } from './merge.ts'
export { checkRetain, retain } from './pruning.ts'
