import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freshProject, inNewFolder, type Packed, pack } from './fresh-project.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly packed: Packed
    /** A project that has the tarball installed and nothing else; tests copy it. */
    readonly project: string
  }
}

/** Packs the build and installs it as anybody would, once for all tests. */
export default function setup({ provide }: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  return inNewFolder(async (folder) => {
    const [packed, project] = [await pack(folder), join(folder, 'project')]
    await freshProject(project, packed.path)
    provide('packed', packed)
    provide('project', project)
  })
}
