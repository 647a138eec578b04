import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../errors.ts'
import { byAge, decodeManifest, type Manifest, type Segment } from '../log/recovery.ts'
import type { OpenOptions, StoredState } from '../storage.ts'
import { ifExists } from './durable-files.ts'
import { readSegment } from './segment.ts'
import { checkHasAllChanges } from './source-file.ts'

export async function namesIn(directory: string): Promise<string[]> {
  return (await ifExists(readdir(directory))) ?? []
}

export function fileName({ generation, epoch }: Pick<Manifest, 'generation' | 'epoch'>, kind: string): string {
  return `${generation}-${epoch}.${kind}`
}

/** The readable manifests, oldest first. */
export async function readManifests(directory: string, names: readonly string[]): Promise<Manifest[]> {
  const files = names.filter((name) => name.endsWith('.head')).map((name) => join(directory, name))
  const bytes = await Promise.all(files.map((file) => ifExists(readFile(file))))
  return bytes.flatMap((content) => (content && decodeManifest(content)) ?? []).sort(byAge)
}

/** The segments of the log from a generation on, oldest first. */
export async function readSegments(
  directory: string,
  names: readonly string[],
  fromGeneration: number,
): Promise<Segment[]> {
  const files = names
    .filter((name) => name.endsWith('.log') && Number.parseInt(name, 10) >= fromGeneration)
    .map((name) => join(directory, name))
  return (await Promise.all(files.map(readSegment))).flatMap((segment) => segment ?? []).sort(byAge)
}

/** The bytes in the position of a snapshot: under its own name until it is published, and again when it is the previous one. */
export async function readSnapshot(
  path: string,
  directory: string,
  manifest: Manifest,
): Promise<Uint8Array | undefined> {
  return (await ifExists(readFile(join(directory, fileName(manifest, 'snapshot'))))) ?? (await ifExists(readFile(path)))
}

/**
 * The store in a file that came without its directory; undefined if there is no file.
 * @throws NOT_A_STORE, CORRUPT_SNAPSHOT
 */
export async function storeWithoutManifest(
  path: string,
  directory: string,
  names: readonly string[],
  classify: OpenOptions['classify'],
): Promise<StoredState | undefined> {
  const snapshot = await ifExists(readFile(path))
  if (!snapshot) return undefined
  const verdict = classify(snapshot, undefined)
  if (verdict === 'foreign') throw notAStore(path)
  checkHasAllChanges(path)
  if (verdict === 'damaged') throw corrupt(`The store in ${path} is damaged.`)
  if (names.some((name) => /\.(head|log)$/.test(name))) {
    throw corrupt(`The log in ${directory} has no readable manifest.`)
  }
  const notes = [`${path} came without its log; it was opened as it is.`]
  return { snapshot, sequence: undefined, commits: [], wantsSnapshot: true, isWhole: true, notes }
}

function corrupt(finding: string): StoreError {
  return new StoreError('CORRUPT_SNAPSHOT', `${finding} Restore a backup, or run \`learning-store doctor --repair\`.`)
}

function notAStore(path: string): StoreError {
  const remedy = `To import its content: learning-store import ${quoted(path)} --storage file:NEW.db`
  return new StoreError('NOT_A_STORE', `${path} belongs to another program. It was not changed. ${remedy}`)
}

/** Quotes a path for a shell. */
function quoted(path: string): string {
  return /^[\w./:@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
