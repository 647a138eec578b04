/** Number of weights of an action. Features whose hashes agree in the lower 16 bits share a weight. */
export const WEIGHTS: number = 1 << 16

const SMALLEST = 16
/** The bytes of a stored entry: two numbers in 4 each, the feature in 2. */
const ENTRY_BYTES = 10
const HEADER_BYTES = 4

/**
 * Weights and the accumulators of AdaGrad by feature, as many as were used: an open-addressing table that doubles when it is half
 * full. With as many slots as there are weights each has its own, and nothing is probed.
 */
export class SparseWeights {
  /** Number of entries. */
  #size = 0
  /** The number of the feature, plus 1; 0 in a free slot. */
  #keys = new Int32Array(SMALLEST)
  /** Weight and accumulator of each slot, next to each other: they are read together. */
  #numbers = new Float32Array(2 * SMALLEST)

  get size(): number {
    return this.#size
  }

  /** The index of a feature in `numbers`: its weight, followed by its accumulator; -1 if it has none. */
  find(hash: number): number {
    const slot = this.#slotOf(hash & (WEIGHTS - 1))
    return this.#keys[slot] === 0 ? -1 : 2 * slot
  }

  /** The weight of a feature; 0 if it has none. */
  get(hash: number): number {
    const at = this.find(hash)
    return at === -1 ? 0 : (this.#numbers[at] as number)
  }

  /** The index of a feature in `numbers`, which gets one if it has none. */
  findOrInsert(hash: number): number {
    const feature = hash & (WEIGHTS - 1)
    let slot = this.#slotOf(feature)
    if (this.#keys[slot] !== 0) return 2 * slot
    if (2 * this.#size >= this.#keys.length && this.#keys.length < WEIGHTS) {
      this.#grow()
      slot = this.#slotOf(feature)
    }
    this.#keys[slot] = feature + 1
    this.#size++
    return 2 * slot
  }

  /** Weights and accumulators, until the next `findOrInsert`. */
  get numbers(): Float32Array {
    return this.#numbers
  }

  /** Multiplies all weights and all accumulators. */
  scale(ofWeights: number, ofAccumulators: number): void {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      this.#numbers[2 * slot] = (this.#numbers[2 * slot] as number) * ofWeights
      this.#numbers[2 * slot + 1] = (this.#numbers[2 * slot + 1] as number) * ofAccumulators
    }
  }

  /**
   * The entries by feature, so that equal weights have equal bytes: their number, then all numbers, then all features. In the
   * byte order of the machine, which is little-endian wherever JavaScript runs.
   */
  toBytes(): Uint8Array {
    const slots = new Int32Array(WEIGHTS).fill(-1)
    // Not by `entries()`: iterators take ten times as long.
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot] as number
      if (key !== 0) slots[key - 1] = slot
    }
    const buffer = new ArrayBuffer(HEADER_BYTES + this.#size * ENTRY_BYTES)
    new Uint32Array(buffer, 0, 1)[0] = this.#size
    const numbers = new Float32Array(buffer, HEADER_BYTES, 2 * this.#size)
    const features = new Uint16Array(buffer, HEADER_BYTES + 8 * this.#size)
    let entry = 0
    for (let feature = 0; feature < WEIGHTS; feature++) {
      const slot = slots[feature] as number
      if (slot === -1) continue
      numbers[2 * entry] = this.#numbers[2 * slot] as number
      numbers[2 * entry + 1] = this.#numbers[2 * slot + 1] as number
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
      const at = weights.findOrInsert(features[entry] as number)
      weights.#numbers[at] = numbers[2 * entry] as number
      weights.#numbers[at + 1] = numbers[2 * entry + 1] as number
    }
    return weights
  }

  #slotOf(feature: number): number {
    const mask = this.#keys.length - 1
    let slot = feature & mask
    for (let key = this.#keys[slot]; key !== 0 && key !== feature + 1; key = this.#keys[slot]) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers]
    this.#keys = new Int32Array(2 * keys.length)
    this.#numbers = new Float32Array(4 * keys.length)
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old] as number
      if (key === 0) continue
      const slot = this.#slotOf(key - 1)
      this.#keys[slot] = key
      this.#numbers[2 * slot] = numbers[2 * old] as number
      this.#numbers[2 * slot + 1] = numbers[2 * old + 1] as number
    }
  }
}
