import { checkKeyName } from '../storage-options.ts'

/** The generation of a snapshot and the epoch of the lease that wrote it: no two leases write under the same key. */
export interface Named {
  readonly generation: number
  readonly epoch: number
}

/** The kinds of keys, as they are stored: a manifest, a chunk of a snapshot, a chunk of the log. */
export type Kind = 'head' | 'part' | 'log'

/** The keys of one store, all of which begin with its name. Other keys are left alone. */
export class Keys {
  readonly lease: string
  readonly #name: string

  constructor(name: string) {
    this.#name = checkKeyName(name)
    this.lease = `${name}/claim`
  }

  /** The key contains the sequence, so that it is known even if the manifest is unreadable. */
  manifest({ generation, epoch }: Named, sequence: number): string {
    return this.#key('head', generation, epoch, sequence)
  }

  chunk({ generation, epoch }: Named, chunk: number): string {
    return this.#key('part', generation, epoch, chunk)
  }

  /**
   * @param after the sequence before the segment
   * @param first the first sequence of the batch
   * @param chunk the index of the value within the batch
   */
  log({ generation, epoch }: Named, after: number, first: number, chunk: number): string {
    return this.#key('log', generation, epoch, after, first, chunk)
  }

  /** The prefix of all keys of a kind, or of those of one snapshot. */
  prefix(kind: Kind, named?: Named): string {
    return `${named ? this.#key(kind, named.generation, named.epoch) : `${this.#name}/${kind}`}/`
  }

  /** The numbers in a key. */
  numbers(key: string): number[] {
    return key.split('/').slice(2).map(Number)
  }

  /** The numbers are padded, so that keys sort numerically. */
  #key(kind: Kind, ...numbers: readonly number[]): string {
    return [this.#name, kind, ...numbers.map((number) => String(number).padStart(16, '0'))].join('/')
  }
}
