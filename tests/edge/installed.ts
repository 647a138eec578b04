import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

const PROJECT = join(import.meta.dirname, '..', '..')

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder into which the package is installed, as anybody would. */
    readonly withPackage: string
  }
}

/** Packs the built package and installs it into a folder, once for all tests. */
export default function setup({ provide }: Pick<TestProject, 'provide'>): () => void {
  if (!existsSync(join(PROJECT, 'dist', 'worker'))) throw new Error('Expected dist/: run `npm run build` first')
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-edge-'))
  const npm = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const packed = npm(PROJECT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', join(folder, filename))
  provide('withPackage', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
