/** What only long work needs: taking in, merging, removing. */
export { merge } from './merging.ts'
export { checkRetain, retain } from './retention.ts'
export { takeIn } from './taking-in.ts'
