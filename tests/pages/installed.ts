import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

const PROJECT = join(import.meta.dirname, '..', '..')
/** The project's own Vite, on a folder that has no configuration for it. */
export const VITE: string = join(PROJECT, 'node_modules', 'vite', 'bin', 'vite.js')

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with the page, the package installed into it as anybody would, and the page built in `dist`. */
    readonly installed: string
  }
}

/** What Vite finds when nobody tests with it. */
export function ordinaryEnvironment(): NodeJS.ProcessEnv {
  const { VITEST, NODE_ENV, MODE, DEV, PROD, SSR, ...ordinary } = process.env
  return ordinary
}

/** Packs the built package, installs it into a copy of the page and builds that, once for all tests. */
export default function setup({ provide }: Pick<TestProject, 'provide'>): () => void {
  if (!existsSync(join(PROJECT, 'dist', 'worker'))) throw new Error('Expected dist/: run `npm run build` first')
  const root = mkdtempSync(join(tmpdir(), 'learning-store-pages-'))
  const folder = join(root, 'app')
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  try {
    const [{ filename }] = JSON.parse(
      run(PROJECT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', root),
    ) as [{ filename: string }]
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(root, filename))
    run(folder, process.execPath, VITE, 'build')
  } catch (error) {
    remove()
    throw error
  }
  provide('installed', folder)
  return remove
}

function run(folder: string, program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd: folder, env: ordinaryEnvironment(), encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
