import type { Experience, PlainValue } from 'learning-store/edge'
import * as v from 'valibot'

/** Any JSON; how deep it may be is for the store to say. */
const plain = v.custom<PlainValue>((value) => value !== undefined, 'Expected a value')
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

/** What an agent did and what came of it. With an id it can be sent again and is learned once. */
export const experienceForm: v.GenericSchema<unknown, Experience> = v.strictObject({
  id: v.exactOptional(name),
  state: plain,
  action: plain,
  reward: v.pipe(v.number(), v.finite()),
  nextState: v.exactOptional(plain),
  terminated: v.exactOptional(v.boolean()),
  truncated: v.exactOptional(v.boolean()),
  availableActions: v.exactOptional(v.pipe(v.array(plain), v.minLength(1), v.maxLength(100))),
  taskType: v.exactOptional(name),
  episodeId: v.exactOptional(name),
})

/** What advice is asked for. */
export const situationForm: v.GenericSchema<unknown, { state: PlainValue }> = v.strictObject({ state: plain })
