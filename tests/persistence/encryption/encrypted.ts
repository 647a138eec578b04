import { encryptedStorage } from '../../../src/persistence/encryption/encrypted-storage.ts'
import type { Harness } from '../storage-under-test.ts'

export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]) as Promise<CryptoKey>
}

/** The harness of another storage, with what is stored there encrypted. */
export function encrypted<H extends Harness>(harness: H, key: CryptoKey): H {
  return { ...harness, storage: (beforeChange) => encryptedStorage(harness.storage(beforeChange), key) }
}
