import { checkKeyName } from '../storage-options.ts'

/** The number of a snapshot and of the lease that wrote it: no two leases ever write under the same key. */
export interface Named {
  readonly generation: number
  readonly epoch: number
}

export type Kind = 'head' | 'part' | 'log'

/** The keys of one store, all of which begin with its name; what else is in the storage is left alone. */
export class Keys {
  readonly lease: string
  readonly #name: string

  constructor(name: string) {
    this.#name = checkKeyName(name)
    this.lease = `${name}/claim`
  }

  /** The sequence is in the key too, so that it is known of a head that cannot be read. */
  head({ generation, epoch }: Named, sequence: number): string {
    return this.#key('head', generation, epoch, sequence)
  }

  part({ generation, epoch }: Named, part: number): string {
    return this.#key('part', generation, epoch, part)
  }

  /** @param after the sequence that the segment follows. @param first that of the batch. @param chunk which of its values. */
  log({ generation, epoch }: Named, after: number, first: number, chunk: number): string {
    return this.#key('log', generation, epoch, after, first, chunk)
  }

  /** What all keys of a kind begin with, or those of one snapshot only. */
  prefix(kind: Kind, named?: Named): string {
    return `${named ? this.#key(kind, named.generation, named.epoch) : `${this.#name}/${kind}`}/`
  }

  /** The numbers in a key. */
  numbers(key: string): number[] {
    return key.split('/').slice(2).map(Number)
  }

  /** Numbers of one length, so that keys sort as they do. */
  #key(kind: Kind, ...numbers: readonly number[]): string {
    return [this.#name, kind, ...numbers.map((number) => String(number).padStart(16, '0'))].join('/')
  }
}
