import type { Experience, JsonValue } from 'learning-store/edge'
import * as v from 'valibot'

const NAME = 'a string of 1 to 128 characters'
const ACTIONS = 'a list of 1 to 100 actions'
const PROBABILITY = 'a number above 0 and at most 1'
const FINITE = 'a finite number'

/** Any JSON; the store checks its depth. */
const plain = v.custom<JsonValue>((value) => value !== undefined, 'given')
const name = v.pipe(v.string(NAME), v.minLength(1, NAME), v.maxLength(128, NAME))
const actions = v.pipe(v.array(plain, ACTIONS), v.minLength(1, ACTIONS), v.maxLength(100, ACTIONS))
const probability = v.pipe(v.number(PROBABILITY), v.gtValue(0, PROBABILITY), v.maxValue(1, PROBABILITY))
const flag = v.boolean('true or false')

/** An object with these fields and no others. */
function form<E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, (issue: v.StrictObjectIssue) => string> {
  return v.strictObject(entries, (issue) => {
    const path = v.getDotPath(issue)
    if (path === null) return `Expected a body that is an object, got ${shown(issue.input)}`
    if (issue.expected !== 'never') return `Expected ${path}, got nothing`
    return `Expected only ${Object.keys(entries).join(', ')}, got ${path}`
  })
}

/** An experience. With an id it can be sent again and is learned once. */
export const experienceForm: v.GenericSchema<unknown, Experience> = v.pipe(
  form({
    id: v.exactOptional(name),
    state: plain,
    action: plain,
    reward: v.pipe(v.number(FINITE), v.finite(FINITE)),
    nextState: v.exactOptional(plain),
    terminated: v.exactOptional(flag),
    truncated: v.exactOptional(flag),
    actions: v.exactOptional(actions),
    nextActions: v.exactOptional(actions),
    behaviorProbability: v.exactOptional(probability),
    taskType: v.exactOptional(name),
    episodeId: v.exactOptional(name),
  }),
  v.check(
    ({ nextState, terminated }) => nextState !== undefined || terminated === true,
    'Expected nextState, or terminated: true if the episode ended, got neither',
  ),
)

/** The state and the available actions. Default: the actions that were seen in this state. */
export const choiceForm: v.GenericSchema<unknown, { state: JsonValue; actions?: JsonValue[] }> = form({
  state: plain,
  actions: v.exactOptional(actions),
})

/** The message of an issue, in the form of the store's own messages. */
export function messageOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return path === null || issue.type === 'strict_object'
    ? issue.message
    : `Expected ${path} to be ${issue.message}, got ${shown(issue.input)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
