/** Number of weights of an action. Features whose hashes agree in the lower 16 bits share a weight. */
export const WEIGHTS: number = 1 << 16

const SMALLEST = 16
/** The bytes of a stored entry: two numbers in 4 each, the feature in 2. */
const ENTRY_BYTES = 10
const HEADER_BYTES = 4

/**
 * Weights and the accumulators of AdaGrad by feature, as many as were used: an open-addressing table that doubles when it is half
 * full. With as many places as there are weights each has its own, and nothing is probed.
 */
export class SparseWeights {
  /** Number of entries. */
  #size = 0
  /** The number of the feature, plus 1; 0 in a free place. */
  #keys = new Int32Array(SMALLEST)
  /** Weight and accumulator of each place, next to each other: they are read together. */
  #numbers = new Float32Array(2 * SMALLEST)

  get size(): number {
    return this.#size
  }

  /** The place of a feature in `numbers`: its weight, followed by its accumulator; -1 if it has none. */
  find(hash: number): number {
    const place = this.#placeOf(hash & (WEIGHTS - 1))
    return this.#keys[place] === 0 ? -1 : 2 * place
  }

  /** The weight of a feature; 0 if it has none. */
  get(hash: number): number {
    const at = this.find(hash)
    return at === -1 ? 0 : (this.#numbers[at] as number)
  }

  /** The place of a feature, which gets one if it has none. */
  claim(hash: number): number {
    const feature = hash & (WEIGHTS - 1)
    let place = this.#placeOf(feature)
    if (this.#keys[place] !== 0) return 2 * place
    if (2 * this.#size >= this.#keys.length && this.#keys.length < WEIGHTS) {
      this.#grow()
      place = this.#placeOf(feature)
    }
    this.#keys[place] = feature + 1
    this.#size++
    return 2 * place
  }

  /** Weights and accumulators, until the next `claim`. */
  get numbers(): Float32Array {
    return this.#numbers
  }

  /** Multiplies all weights and all accumulators. */
  scale(ofWeights: number, ofAccumulators: number): void {
    for (let place = 0; place < this.#keys.length; place++) {
      this.#numbers[2 * place] = (this.#numbers[2 * place] as number) * ofWeights
      this.#numbers[2 * place + 1] = (this.#numbers[2 * place + 1] as number) * ofAccumulators
    }
  }

  /**
   * The entries by feature, so that equal weights have equal bytes: their number, then all numbers, then all features. In the
   * byte order of the machine, which is little-endian wherever JavaScript runs.
   */
  toBytes(): Uint8Array {
    const places = new Int32Array(WEIGHTS).fill(-1)
    // Not by `entries()`: iterators take ten times as long.
    for (let place = 0; place < this.#keys.length; place++) {
      const key = this.#keys[place] as number
      if (key !== 0) places[key - 1] = place
    }
    const buffer = new ArrayBuffer(HEADER_BYTES + this.#size * ENTRY_BYTES)
    new Uint32Array(buffer, 0, 1)[0] = this.#size
    const numbers = new Float32Array(buffer, HEADER_BYTES, 2 * this.#size)
    const features = new Uint16Array(buffer, HEADER_BYTES + 8 * this.#size)
    let entry = 0
    for (let feature = 0; feature < WEIGHTS; feature++) {
      const place = places[feature] as number
      if (place === -1) continue
      numbers[2 * entry] = this.#numbers[2 * place] as number
      numbers[2 * entry + 1] = this.#numbers[2 * place + 1] as number
      features[entry++] = feature
    }
    return new Uint8Array(buffer)
  }

  /** Weights from `toBytes`. */
  static fromBytes(bytes: Uint8Array): SparseWeights {
    // A copy, because a view into other bytes need not be aligned.
    const buffer = bytes.slice().buffer
    const size = new Uint32Array(buffer, 0, 1)[0] ?? 0
    const numbers = new Float32Array(buffer, HEADER_BYTES, 2 * size)
    const features = new Uint16Array(buffer, HEADER_BYTES + 8 * size)
    const weights = new SparseWeights()
    while (weights.#keys.length < WEIGHTS && weights.#keys.length < 2 * size) weights.#grow()
    for (let entry = 0; entry < size; entry++) {
      const at = weights.claim(features[entry] as number)
      weights.#numbers[at] = numbers[2 * entry] as number
      weights.#numbers[at + 1] = numbers[2 * entry + 1] as number
    }
    return weights
  }

  #placeOf(feature: number): number {
    const mask = this.#keys.length - 1
    let place = feature & mask
    for (let key = this.#keys[place]; key !== 0 && key !== feature + 1; key = this.#keys[place])
      place = (place + 1) & mask
    return place
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers]
    this.#keys = new Int32Array(2 * keys.length)
    this.#numbers = new Float32Array(4 * keys.length)
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old] as number
      if (key === 0) continue
      const place = this.#placeOf(key - 1)
      this.#keys[place] = key
      this.#numbers[2 * place] = numbers[2 * old] as number
      this.#numbers[2 * place + 1] = numbers[2 * old + 1] as number
    }
  }
}
