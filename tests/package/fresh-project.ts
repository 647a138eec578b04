import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PROJECT = join(import.meta.dirname, '..', '..')

/** What the tarball holds, as npm tells it. */
export interface Packed {
  readonly path: string
  readonly bytes: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

/** A tool of this project, run by its path in a project that has nothing but the package: so its version is locked. */
export function tool(name: string, ...path: readonly string[]): string {
  return join(PROJECT, 'node_modules', name, ...path)
}

export async function versionOf(name: string): Promise<string> {
  return (JSON.parse(await readFile(tool(name, 'package.json'), 'utf8')) as { version: string }).version
}

/** What a tool finds when nobody tests with it. */
export function ordinaryEnvironment(): NodeJS.ProcessEnv {
  const { VITEST, NODE_ENV, MODE, DEV, PROD, SSR, ...ordinary } = process.env
  return { ...ordinary, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' }
}

/** Resolves with what the program prints. */
export async function run(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  try {
    const options = { cwd: folder, env: ordinaryEnvironment(), maxBuffer: 64 * 1024 * 1024 }
    return (await promisify(execFile)(program, args, options)).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}

/** Runs with a folder that is gone when it ends badly; answers what removes it. */
export async function inNewFolder(work: (folder: string) => Promise<void>): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'learning-store-package-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  await work(folder).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return remove
}

/** Packs the build. */
export async function pack(folder: string): Promise<Packed> {
  const told = await run(PROJECT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)
  const [{ filename, size, files }] = JSON.parse(told) as [
    { filename: string; size: number; files: { path: string; mode: number }[] },
  ]
  if (!files.some(({ path }) => path === 'dist/worker/shared.js')) throw new Error('Expected a build: `npm run build`')
  return { path: join(folder, filename), bytes: size, files: files.map(({ path, mode }) => ({ path, mode })) }
}

/** A project that has these packages installed and nothing else. */
export async function freshProject(folder: string, ...packages: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await install(folder, ...packages)
}

/** @param packages tarballs, or names with exact versions. */
export async function install(folder: string, ...packages: readonly string[]): Promise<void> {
  await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages)
}

/** Another project with the same packages, and these files in it. */
export async function copyOf(project: string, name: string, ...sources: readonly string[]): Promise<string> {
  const folder = join(project, '..', name)
  for (const source of [project, ...sources]) await cp(source, folder, { recursive: true, verbatimSymlinks: true })
  return folder
}
