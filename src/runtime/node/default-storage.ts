import { open, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import { coded, isErrno, resolveLink } from '../../persistence/file/durable-files.ts'
import { HEADER_BYTES, isOurs } from '../../sql/check.ts'
import type { StorageName } from '../options.ts'
import { isNodeStorageName } from './storage.ts'

const AGENTIC_QE = join('.agentic-qe', 'memory.db')
const OWN = join('.learning-store', 'learning.db')

/** Environment variables, such as `process.env`. */
export interface Environment {
  readonly [name: string]: string | undefined
}

/** The default storage of agentic-qe's persistence document: the file in AQE_DB_PATH, or `.agentic-qe/memory.db`. */
export function agenticQeStorage(env: Environment = process.env): `file:${string}` {
  return `file:${env.AQE_DB_PATH || AGENTIC_QE}`
}

/**
 * The storage that is opened if none is named: LEARNING_STORE (a storage), AQE_DB_PATH (a path), `.agentic-qe/memory.db` if it is a
 * learning store, or `.learning-store/learning.db`. Reads the files only; creates and locks nothing.
 * @throws INVALID_ARGUMENT if LEARNING_STORE names no storage of Node, or both files are learning stores
 * @throws STORAGE_ERROR if a file cannot be read
 */
export async function defaultNodeStorage(env: Environment = process.env): Promise<StorageName> {
  const { LEARNING_STORE } = env
  if (LEARNING_STORE) {
    if (isNodeStorageName(LEARNING_STORE)) return LEARNING_STORE
    throw invalid('LEARNING_STORE', 'file:PATH or memory:', LEARNING_STORE)
  }
  if (env.AQE_DB_PATH) return agenticQeStorage(env)
  if (!(await isLearningStore(AGENTIC_QE))) return `file:${OWN}`
  if (!(await isLearningStore(OWN))) return `file:${AGENTIC_QE}`
  throw new StoreError(
    'INVALID_ARGUMENT',
    `Expected one learning store in this folder, got two: ${resolve(AGENTIC_QE)} and ${resolve(OWN)}. Name one as the storage, or in LEARNING_STORE.`,
  )
}

/** The header decides. If the file is missing or damaged, a manifest in its log does: opening the store recovers it, or reports the loss. */
async function isLearningStore(path: string): Promise<boolean> {
  return coded(`read ${resolve(path)}`, async () => {
    const header = await ifPresent(headerOf(path))
    if (header && isOurs(header)) return true
    const names = await ifPresent(resolveLink(path).then((file) => readdir(`${file}.log`)))
    return names?.some((name) => name.endsWith('.head')) ?? false
  })
}

async function headerOf(path: string): Promise<Uint8Array> {
  const header = new Uint8Array(HEADER_BYTES)
  const file = await open(path, 'r')
  try {
    const { bytesRead } = await file.read(header, 0, header.length, 0)
    return header.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Undefined if nothing is there, or something of another kind. */
async function ifPresent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => isErrno(error, code))) return undefined
    throw error
  }
}
