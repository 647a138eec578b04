import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { toJson } from '../../learning/core/experience.ts'
import { EMPTY_IMPORT } from '../../learning/maintenance/import-batch.ts'
import { SkippedRecords } from '../../learning/maintenance/skipped-records.ts'
import { ExperienceCollector, type UncheckedExperience } from '../experience-collector.ts'
import { checkSourceDefaults, type SourceDefaults, type SourceReader } from '../source.ts'
import { type Line, linesOf, textOf } from '../text.ts'
import { type BanditLine, banditLine, type CostLabel } from './line.ts'

/**
 * Reads decisions of contextual bandits in Vowpal Wabbit's text format. In `cb` each line is a decision, whose features are the state; in
 * `cb_adf` the lines up to a blank one are: each line is an action, described by its features, and those of a `shared` line are the state. The
 * reward is the negative cost. Each decision becomes an episode of one step. The default of the agent and of the task type is
 * `vowpal-wabbit`. Decisions without an observed cost are skipped.
 * @throws NOT_A_STORE for text that is not UTF-8, INVALID_ARGUMENT with the line of the error.
 */
export function* readVowpalWabbit(bytes: Uint8Array, options: SourceDefaults = {}): SourceReader {
  const defaults = checkSourceDefaults(options, 'vowpal-wabbit')
  const text = textOf(bytes)
  const skipped = new SkippedRecords()
  const experiences = new ExperienceCollector(skipped)
  const hasActionLines = isActionPerLine(text)
  let reported = -1000
  for (const group of groupsOf(text)) {
    for (const lines of hasActionLines ? [group] : group.map((line) => [line])) {
      const [{ number } = { number: 0 }] = lines
      if (number >= reported + 1000) {
        reported = number
        yield { what: 'lines', done: number - 1, total: undefined }
      }
      const parsed = lines.map(banditLine)
      const decision = hasActionLines ? decisionOfLines(parsed) : decisionOfLine(parsed[0])
      if (typeof decision === 'string') skipped.add('decisions', decision)
      else experiences.add({ ...defaults, ...decision }, (field) => `${field} in line ${number}`)
    }
  }
  if (experiences.list.length === 0) {
    const got = skipped.list()[0]?.reason ?? 'is missing'
    throw new StoreError('INVALID_ARGUMENT', `Expected a line with action:cost:probability; every decision ${got}`)
  }
  return { ...EMPTY_IMPORT, ...experiences.imported(), skipped: skipped.list() }
}

/** The lines between blank ones. */
function* groupsOf(text: string): Generator<readonly Line[], void, undefined> {
  let group: Line[] = []
  for (const line of linesOf(text)) {
    const before = group.at(-1)
    if (before && line.number > before.number + 1) {
      yield group
      group = []
    }
    group.push(line)
  }
  if (group.length > 0) yield group
}

/**
 * Whether each line is an action: a line is `shared`, or groups of lines have one label each. A single group without action 0, which no
 * other label has, may as well be lines with and without labels.
 */
function isActionPerLine(text: string): boolean {
  let [groups, longest, isOnlyZero] = [0, 0, true]
  for (const lines of groupsOf(text)) {
    if (lines.some((line) => /^\s*shared[\s|]/.test(line.text))) return true
    const labeled = lines.filter((line) => /^\s*[^\s|:]+:[^|]*\|/.test(line.text))
    if (labeled.length > 1) return false
    if (labeled.some((line) => !/^\s*0:/.test(line.text))) isOnlyZero = false
    groups++
    longest = Math.max(longest, lines.length)
  }
  return longest > 1 && (groups > 1 || isOnlyZero)
}

/** The decision of a line of `cb`, or why there is none. */
function decisionOfLine(line: BanditLine | undefined): UncheckedExperience | string {
  if (!line) return NO_COST
  const observed = observedIn(line.labels)
  if (typeof observed === 'string') return observed
  const actions = line.labels.length > 1 ? line.labels.map(({ action }) => actionIn(action)) : undefined
  return decision(observed, line, line.features, actionIn(observed.action), actions)
}

/** The decision of the lines of `cb_adf`, or why there is none. */
function decisionOfLines(lines: readonly BanditLine[]): UncheckedExperience | string {
  const shared = lines.find(({ isShared }) => isShared)
  const actionLines = lines.filter(({ isShared }) => !isShared)
  const observed = observedIn(actionLines.flatMap(({ labels }) => labels))
  if (typeof observed === 'string') return observed
  const chosen = actionLines.find(({ labels }) => labels.includes(observed))
  if (!chosen) return NO_COST
  const actions = new Map(actionLines.map(({ features }) => [toJson(features), features]))
  return decision(observed, chosen, shared?.features ?? {}, chosen.features, [...actions.values()])
}

function decision(
  { cost = 0, probability }: CostLabel,
  { tag }: BanditLine,
  state: JsonValue,
  action: JsonValue,
  actions: readonly JsonValue[] | undefined,
): UncheckedExperience {
  return {
    state,
    action,
    reward: -cost,
    nextState: null,
    terminated: true,
    behaviorProbability: probability,
    actions,
    metadata: tag === undefined ? undefined : { tag },
  }
}

const NO_COST = 'has no label with a cost'

/** The label of the action that was taken: of several with a cost, the one with a probability. */
function observedIn(labels: readonly CostLabel[]): CostLabel | string {
  const withCost = labels.filter(({ cost }) => cost !== undefined)
  const withProbability = withCost.filter(({ probability }) => probability !== undefined)
  const [observed, ...others] = withProbability.length > 0 ? withProbability : withCost
  if (observed === undefined) return NO_COST
  if (others.length > 0) return 'has several labels with a cost'
  const { cost, probability } = observed
  if (!Number.isFinite(cost)) return 'has an infinite cost'
  const isShare = probability === undefined || (probability > 0 && probability <= 1)
  return isShare ? observed : 'has a probability that is not above 0 and at most 1'
}

/** Actions are numbers, or names in newer files. */
function actionIn(text: string): JsonValue {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}
