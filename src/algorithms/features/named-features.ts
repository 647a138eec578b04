import type { JsonValue } from '../../json-value.ts'
import type { FeatureKinds } from './feature-kinds.ts'
import { type FeatureVisitor, visitAction, visitState } from './feature-visitor.ts'
import { INTERCEPT } from './sparse-vector.ts'
import { textNames, wordsOf } from './text-features.ts'

/** Collects names, for explanations and for exact learners. */
class Naming implements FeatureVisitor {
  readonly names: string[] = []
  readonly values: number[] = []
  readonly #onlyWords: boolean

  constructor(onlyWords: boolean) {
    this.#onlyWords = onlyWords
  }

  number(path: string, value: number): void {
    this.names.push(path)
    this.values.push(value)
  }

  category(path: string, value: string): void {
    this.number(`${path}=${value}`, 1)
  }

  text(path: string, value: string): void {
    const names = textNames(path, wordsOf(value), this.#onlyWords)
    for (const name of names) this.number(name, 1 / Math.sqrt(names.length))
  }

  vector(path: string, values: readonly number[]): void {
    for (const [i, value] of values.entries()) this.number(`${path}[${i}]`, value)
  }
}

/** The names of the features of a state, in the order of `stateVector`: `pages`, `tool=search`, `query~"book flight"`. */
export function stateNames(state: JsonValue, kinds: FeatureKinds | undefined): string[] {
  const naming = new Naming(false)
  visitState(state, kinds, naming)
  return [INTERCEPT, ...naming.names]
}

/** The names of the features of an action, in the order of `actionVector`: `(action).price`. */
export function actionNames(action: JsonValue, kinds: FeatureKinds | undefined): string[] {
  const naming = new Naming(false)
  visitAction(action, kinds, naming)
  return naming.names
}

/** The names of the features of a state and an action together, in the order of `jointVector`: `type=unit * (action).price`. */
export function jointNames(state: readonly string[], action: readonly string[]): string[] {
  return [...state, ...action.flatMap((ofAction) => state.map((name) => jointName(name, ofAction)))]
}

function jointName(state: string, action: string): string {
  return state === INTERCEPT ? action : `${state} * ${action}`
}

/**
 * The features of a state by name, for exact learners: numbers in the units they came in, and of texts only the words, because
 * each feature costs an exact learner time and memory in proportion to all others.
 */
export function namedFeatures(state: JsonValue, kinds: FeatureKinds | undefined): Map<string, number> {
  const naming = new Naming(true)
  visitState(state, kinds, naming)
  return new Map([[INTERCEPT, 1], ...naming.names.map((name, i) => [name, naming.values[i] as number] as const)])
}

/** Whether a name is that of a number, and not of a category, a word, or the intercept. */
export function isNumeric(name: string): boolean {
  return name !== INTERCEPT && /^(?:[^\\=~]|\\.)*$/su.test(name)
}
