import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** The main example as a program, compiled together with the store that it imports. */
export class Program {
  readonly #folder: string
  /** The only place where it may leave something behind. */
  readonly temporary: string

  private constructor(folder: string) {
    this.#folder = folder
    this.temporary = join(folder, 'tmp')
  }

  /** @throws what the compiler prints */
  static async compile(): Promise<Program> {
    const folder = await mkdtemp(join(tmpdir(), 'example-'))
    const program = new Program(folder)
    await mkdir(program.temporary)
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const self = { name: 'learning-store', type: 'module', exports: './src/index.js' }
    await writeFile(join(folder, 'package.json'), JSON.stringify(self))
    const compilerOptions = { noEmit: false, rootDir: root, outDir: folder }
    const include = [join(root, 'src'), join(root, 'examples')]
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    if (status === 0) return program
    await program[Symbol.asyncDispose]()
    throw new Error(stdout)
  }

  run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const script = join(this.#folder, 'examples/test-prioritization.js')
    const env = { ...process.env, TMPDIR: this.temporary }
    return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }
}
