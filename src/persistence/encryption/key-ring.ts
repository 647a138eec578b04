import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { EncryptionKey } from './format.ts'

/** How a key was derived from a passphrase. It is no secret. */
export interface Derivation {
  /** Base64. */
  readonly salt: string
  /** The iterations of PBKDF2 with HMAC-SHA-256. */
  readonly iterations: number
}

/** A data key that is encrypted with the key of the caller, and how that was derived; null if it was not. */
export interface WrappedKey {
  /** A nonce and the encrypted key, Base64. */
  readonly key: string
  readonly derivation: Derivation | null
}

/** A data key that encrypts, and how others find it again. */
export interface WritingKey {
  readonly wrapped: WrappedKey
  readonly key: CryptoKey
}

type Bytes = Uint8Array<ArrayBuffer>

/** OWASP's recommendation of 2023 for PBKDF2 with HMAC-SHA-256. */
export const ITERATIONS = 600_000

/** More would be an attempt to keep this program busy. */
const MOST_ITERATIONS = 10_000_000

const NONCE_BYTES = 12
const PURPOSE = new TextEncoder().encode('learning-store data key 1')

/**
 * The keys of one opening. Everything that it writes is encrypted with a random data key of its own, whose nonces count up in memory and so never
 * repeat; the caller's key encrypts only that data key, with one random nonce an opening.
 */
export class KeyRing {
  readonly #key: string | CryptoKey
  readonly #derived = new Map<string, Promise<CryptoKey>>()
  readonly #unwrapped = new Map<string, Promise<CryptoKey>>()
  readonly #name: string
  #derivation: Derivation | undefined
  #writing: Promise<WritingKey> | undefined
  #nonces = 0

  /** @throws INVALID_ARGUMENT */
  constructor(key: string | EncryptionKey, name: string) {
    this.#key = checkKey(key)
    this.#name = name
  }

  /** The key that this opening encrypts with. */
  writingKey(): Promise<WritingKey> {
    this.#writing ??= this.#newKey()
    return this.#writing
  }

  /** The next nonce of the writing key. */
  nextNonce(): number {
    this.#nonces++
    return this.#nonces
  }

  /** Decrypts a data key. @throws WRONG_KEY */
  unwrap(wrapped: WrappedKey): Promise<CryptoKey> {
    const name = JSON.stringify(wrapped)
    const known = this.#unwrapped.get(name) ?? this.#unwrap(wrapped)
    this.#unwrapped.set(name, known)
    return known
  }

  async #unwrap({ key, derivation }: WrappedKey): Promise<CryptoKey> {
    const bytes = fromBase64(key)
    if ((derivation === null) !== (typeof this.#key !== 'string')) throw this.#wrongKey()
    const outer = await this.#outerKey(derivation)
    const iv = bytes.subarray(0, NONCE_BYTES)
    try {
      const raw = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: PURPOSE },
        outer,
        bytes.subarray(NONCE_BYTES),
      )
      const inner = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
      // Later writes use the same salt, so that a passphrase is derived once an opening.
      this.#derivation ??= derivation ?? undefined
      return inner
    } catch (cause) {
      throw this.#wrongKey(cause)
    }
  }

  async #newKey(): Promise<WritingKey> {
    const derivation = typeof this.#key === 'string' ? (this.#derivation ?? newDerivation()) : null
    const outer = await this.#outerKey(derivation)
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt'])
    const raw = await crypto.subtle.exportKey('raw', key)
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: PURPOSE }, outer, raw)
    return { wrapped: { key: toBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)])), derivation }, key }
  }

  #outerKey(derivation: Derivation | null): Promise<CryptoKey> {
    if (typeof this.#key !== 'string') return Promise.resolve(this.#key)
    if (!derivation || !(derivation.iterations > 0 && derivation.iterations <= MOST_ITERATIONS)) throw this.#wrongKey()
    const name = JSON.stringify(derivation)
    const known = this.#derived.get(name) ?? derived(this.#key, derivation)
    this.#derived.set(name, known)
    return known
  }

  #wrongKey(cause?: unknown): StoreError {
    const remedy = 'Open it with the key or passphrase that it was created with.'
    return new StoreError('WRONG_KEY', `${this.#name} is encrypted with another key. ${remedy}`, { cause })
  }
}

/** The nonce with a number, which is below 2^53. */
export function nonceOf(number: number): Bytes {
  const bytes = new Uint8Array(NONCE_BYTES)
  new DataView(bytes.buffer).setBigUint64(4, BigInt(number))
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function newDerivation(): Derivation {
  return { salt: toBase64(crypto.getRandomValues(new Uint8Array(16))), iterations: ITERATIONS }
}

async function derived(passphrase: string, { salt, iterations }: Derivation): Promise<CryptoKey> {
  const text = new TextEncoder().encode(passphrase.normalize('NFC'))
  const base = await crypto.subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(salt), iterations }
  return crypto.subtle.deriveKey(algorithm, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

function checkKey(key: unknown): string | CryptoKey {
  if (typeof key === 'string' && key !== '') return key
  const given = key as Partial<CryptoKey> | null | undefined
  const usages: readonly string[] = Array.isArray(given?.usages) ? given.usages : []
  const isUsable = usages.includes('encrypt') && usages.includes('decrypt')
  if (typeof key === 'object' && given?.algorithm?.name === 'AES-GCM' && isUsable) return key as CryptoKey
  // The value is not shown: it may be a key.
  throw invalid('the key', 'a passphrase, or a CryptoKey for AES-GCM that encrypts and decrypts', typeof key)
}
