import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freshProject, inNewFolder, pack, run, tool } from '../package/fresh-project.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with the page, the package installed into it as anybody would, and the page built in `dist`. */
    readonly installed: string
  }
}

/** Packs the built package, installs it beside a copy of the page and builds that, once for all tests. */
export default function setup({ provide }: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  return inNewFolder(async (root) => {
    const folder = join(root, 'app')
    await freshProject(folder, (await pack(root)).path)
    cpSync(join(import.meta.dirname, 'app'), folder, { recursive: true })
    await run(folder, process.execPath, tool('vite', 'bin', 'vite.js'), 'build')
    provide('installed', folder)
  })
}
