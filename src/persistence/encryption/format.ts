/** The first bytes of every encrypted snapshot; no SQLite file begins with them. */
export const MAGIC = [0xff, 0x4c, 0x53, 0x45, 0x4e, 0x43, 0x31, 0x0a] as const

/** Whether bytes begin as an encrypted snapshot does. */
export function isEncrypted(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte)
}

/** A `CryptoKey` for AES-GCM that encrypts and decrypts. Spelled out, because the types of Node do not have that name. */
export interface EncryptionKey {
  readonly algorithm: { readonly name: string }
  readonly extractable: boolean
  readonly type: string
  readonly usages: readonly string[]
}
