import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from './bundle.ts'
import type { Outcome } from './vitest-in-runtime.ts'

const PROJECT = join(import.meta.dirname, '..', '..')
const MIB = 1024 * 1024

/** How a runtime is started with a program that may do what it wants. */
export interface Runtime {
  readonly name: string
  readonly program: string
  readonly flags: readonly string[]
}

const node = (name: string, program: string): Runtime => ({ name, program, flags: [] })

/** Deno itself: the program of its package starts it as another process. */
export const RUNTIMES: readonly Runtime[] = [
  node(`Node ${process.versions.node}`, process.execPath),
  node('the newest Node', join(PROJECT, 'tests', 'edge', 'newest-node', 'node_modules', 'node', 'bin', 'node')),
  { name: 'Bun', program: join(PROJECT, 'node_modules', '.bin', 'bun'), flags: [] },
  { name: 'Deno', program: join(PROJECT, 'node_modules', 'deno', 'deno'), flags: ['run', '-A'] },
]

/** A program in a folder of its own below the one into which the package is installed. */
export interface Placed {
  readonly root: string
  readonly folder: string
  readonly program: string
}

/** Only what it imports from the package comes from there; all else is bundled with it. */
export async function placed(entry: string, installed: string): Promise<Placed> {
  const root = realpathSync(installed)
  const folder = mkdtempSync(join(root, 'stores-'))
  const program = join(folder, 'program.mjs')
  writeFileSync(program, await bundle(entry, { external: ['learning-store', 'learning-store/*'] }))
  return { root, folder, program }
}

/** What a program prints: JSON. Its argument is the folder for its stores. */
export async function run({ program, flags }: Runtime, at: Placed, folder: string = at.folder): Promise<unknown> {
  const args = [...flags, at.program, folder]
  const { stdout } = await promisify(execFile)(program, args, { cwd: at.root, maxBuffer: 64 * MIB })
  return JSON.parse(stdout)
}

/** Runs the tests of a program with the package as it is installed there. */
export async function runInProcess(runtime: Runtime, entry: string, installed: string): Promise<Outcome[]> {
  return (await run(runtime, await placed(entry, installed))) as Outcome[]
}

/** The number of the one child of this process that has this name. */
export function childNamed(name: string): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const named = children.filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name)
  if (named.length !== 1) throw new Error(`Expected one ${name}, got ${named.length}`)
  return Number(named[0])
}
