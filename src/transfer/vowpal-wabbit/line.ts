import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Line } from '../text.ts'

/** What a line says of an action: `action`, `action:cost` or `action:cost:probability`. */
export interface CostLabel {
  readonly action: string
  readonly cost: number | undefined
  readonly probability: number | undefined
}

/** A line of Vowpal Wabbit's text format with a label of contextual bandits. */
export interface BanditLine {
  readonly number: number
  /** Whether its features are those that the actions of the following lines share. */
  readonly isShared: boolean
  readonly labels: readonly CostLabel[]
  readonly tag: string | undefined
  readonly features: Features
}

/** Features by name, those of a named namespace in an object of their own. */
export interface Features {
  readonly [name: string]: JsonValue
}

/** The labels of Vowpal Wabbit's other formats for bandits. */
const OTHER_LABELS = ['ccb', 'slates', 'ca']

/** Parses a line. @throws INVALID_ARGUMENT */
export function banditLine({ number, text }: Line): BanditLine {
  const bar = text.indexOf('|')
  if (bar < 0) throw malformed(number, 'to have a | before its features', text)
  const words = text
    .slice(0, bar)
    .split(/\s+/)
    .filter((word) => word !== '')
  const last = words.at(-1)
  // A tag touches the bar, or begins with an apostrophe.
  const isTag = last !== undefined && (last.startsWith("'") || !/\s/.test(text[bar - 1] ?? ''))
  const tag = isTag ? words.pop()?.replace(/^'/, '') : undefined
  const [first = ''] = words
  if (OTHER_LABELS.includes(first)) throw malformed(number, 'to have a label of cb or cb_adf', text)
  const isShared = first === 'shared'
  return {
    number,
    isShared,
    labels: isShared ? [] : words.map((word) => labelIn(word, number)),
    tag: tag === '' ? undefined : tag,
    features: featuresIn(text.slice(bar), number),
  }
}

function labelIn(word: string, line: number): CostLabel {
  const [action = '', cost, probability, ...more] = word.split(':')
  const label = { action, cost: numberIn(cost), probability: numberIn(probability) }
  if (action === '' || more.length > 0 || Number.isNaN(label.cost) || Number.isNaN(label.probability)) {
    throw malformed(line, 'to have a label action:cost:probability', word)
  }
  return label
}

/** The features of a line by namespace. A name without a value is true, as a feature of a name twice is their sum. */
function featuresIn(text: string, line: number): Features {
  const features = new Map<string, JsonValue>()
  const namespaces = new Map<string, Map<string, JsonValue>>()
  for (const section of text.slice(1).split('|')) {
    const words = section.split(/\s+/).filter((word) => word !== '')
    const isNamed = /^\S/.test(section)
    const [name = '', weight] = (isNamed ? (words.shift() ?? '') : '').split(':')
    const scale = numberIn(weight) ?? 1
    if (!Number.isFinite(scale)) throw malformed(line, 'to have a number as the weight of a namespace', section)
    const into = isNamed ? (namespaces.get(name) ?? new Map<string, JsonValue>()) : features
    if (isNamed) namespaces.set(name, into)
    for (const word of words) addFeature(into, word, scale, line)
  }
  for (const [name, inner] of namespaces) {
    if (features.has(name)) throw malformed(line, 'to have no feature with the name of a namespace', name)
    features.set(name, Object.fromEntries(inner))
  }
  return Object.fromEntries(features)
}

function addFeature(into: Map<string, JsonValue>, word: string, scale: number, line: number): void {
  const [name = '', text, ...more] = word.split(':')
  const number = numberIn(text)
  if (more.length > 0 || text === '' || (number !== undefined && Math.abs(number) === Number.POSITIVE_INFINITY)) {
    throw malformed(line, 'to have features name or name:value', word)
  }
  // A feature without a name has its position.
  const key = name === '' ? String(into.size) : name
  const before = into.get(key)
  const value = Number.isNaN(number) ? (text ?? '') : number === undefined && scale === 1 ? true : (number ?? 1) * scale
  if (before === undefined) into.set(key, value)
  else if (typeof value === 'string') into.set(key, [before, value].flat())
  else into.set(key, Number(before) + Number(value))
}

/** The number of a part, NaN for other text; undefined without the part. */
function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return text.trim() === '' ? Number.NaN : Number(text)
}

function malformed(line: number, expected: string, got: string): StoreError {
  const shown = got.length > 40 ? `${got.slice(0, 40)}…` : got
  return new StoreError('INVALID_ARGUMENT', `Expected line ${line} ${expected}, got \`${shown}\``)
}
