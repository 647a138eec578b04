import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles a program of the tests and what it imports, so that another process can run it. */
export async function compiled(source: string): Promise<{ program: string; dispose(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = { noEmit: false, rootDir: root, outDir: folder, noUnusedLocals: false, types: ['node'] }
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, files: [join(root, source)], include: [] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', join(folder, 'tsconfig.json')], { cwd: root })
  return {
    program: join(folder, source.replace(/\.ts$/, '.js')),
    dispose: () => rm(folder, { recursive: true }),
  }
}
