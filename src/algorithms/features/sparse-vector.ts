import type { JsonValue } from '../../json-value.ts'
import { HASH_START, hashEnd, hashOfName, hashOfProduct, hashText } from './feature-hash.ts'
import type { FeatureKinds } from './feature-kinds.ts'
import { type FeatureVisitor, visitAction, visitState } from './feature-visitor.ts'
import type { Scales } from './scales.ts'
import { hashTextFeatures, wordsOf } from './text-features.ts'

/** The features that are not 0: the hashes of their names, and their values. */
export interface SparseVector {
  /** 32-bit unsigned integers; shape [N]. */
  readonly hashes: readonly number[]
  /** Shape [N]. */
  readonly values: readonly number[]
}

/** What turns plain data into features. */
export interface FeatureSettings {
  readonly kinds: FeatureKinds | undefined
  readonly scales: Scales
}

/** The name of the feature that is in every state. */
export const INTERCEPT = '(intercept)'
const INTERCEPT_HASH = hashOfName(INTERCEPT)
/** The value of the intercept. With 1, an action learns more about itself, and less about the words of a text. */
const INTERCEPT_VALUE = 0.3

class Hashing implements FeatureVisitor {
  readonly hashes: number[] = []
  readonly values: number[] = []
  readonly #scales: Scales

  constructor(scales: Scales) {
    this.#scales = scales
  }

  add(hash: number, value: number): void {
    this.hashes.push(hash)
    this.values.push(value)
  }

  number(path: string, value: number): void {
    this.add(hashOfName(path), this.#scales.standardized(path, value))
  }

  category(path: string, value: string): void {
    this.add(hashEnd(hashText(hashText(HASH_START, path), `=${value}`)), 1)
  }

  text(path: string, value: string): void {
    const hashes = hashesOfText(path, value)
    const share = 1 / Math.sqrt(hashes.length)
    for (const hash of hashes) this.add(hash, share)
  }

  vector(path: string, values: readonly number[]): void {
    const scale = this.#scales.vectorScale(path)
    for (const [i, value] of values.entries()) this.add(hashOfName(`${path}[${i}]`), value * scale)
  }
}

/** The texts that were hashed last. A state is chosen in and then learned from, and hashing its texts takes longer than all else. */
const recent: { readonly path: string; readonly text: string; readonly hashes: readonly number[] }[] = []
const MOST_RECENT = 4

/** The features of a text, each once. */
function hashesOfText(path: string, text: string): readonly number[] {
  const known = recent.find((one) => one.text === text && one.path === path)
  if (known) return known.hashes
  const found = new Set<number>()
  hashTextFeatures(path, wordsOf(text), (hash) => found.add(hash))
  const hashes = [...found]
  recent.unshift({ path, text, hashes })
  recent.length = Math.min(recent.length, MOST_RECENT)
  return hashes
}

/** The features of a state, with an intercept. @param state plain data */
export function stateVector(state: JsonValue, { kinds, scales }: FeatureSettings): SparseVector {
  const vector = new Hashing(scales)
  vector.add(INTERCEPT_HASH, INTERCEPT_VALUE)
  visitState(state, kinds, vector)
  return vector
}

/** The features of an action. @param action plain data */
export function actionVector(action: JsonValue, { kinds, scales }: FeatureSettings): SparseVector {
  const vector = new Hashing(scales)
  visitAction(action, kinds, vector)
  return vector
}

/** The features of a state, followed by the product of each with each feature of an action: [N] and [M] to [N * (M + 1)]. */
export function jointVector(state: SparseVector, action: SparseVector): SparseVector {
  const hashes = [...state.hashes]
  const values = [...state.values]
  for (const [i, hash] of action.hashes.entries()) {
    const value = action.values[i] as number
    for (let j = 0; j < state.hashes.length; j++) {
      hashes.push(hashOfProduct(state.hashes[j] as number, hash))
      values.push((state.values[j] as number) * value)
    }
  }
  return { hashes, values }
}
