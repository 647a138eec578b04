import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSqlite } from '../../scripts/sqlite.mjs'

const root = join(import.meta.dirname, '..', '..')

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The examples as programs, compiled together with the package that they import. */
export class Program {
  readonly #folder: string
  /** The only folder in which a program may leave files behind. */
  readonly temporary: string

  private constructor(folder: string) {
    this.#folder = folder
    this.temporary = join(folder, 'tmp')
  }

  /** @throws Error with the output of the compiler */
  static async compile(): Promise<Program> {
    const folder = await mkdtemp(join(tmpdir(), 'example-'))
    const program = new Program(folder)
    await mkdir(program.temporary)
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const exports = { '.': './src/entry/node.js', './*': './src/integrations/*/*.js' }
    const self = { name: 'learning-store', type: 'module', exports }
    await writeFile(join(folder, 'package.json'), JSON.stringify(self))
    const compilerOptions = { noEmit: false, rootDir: root, outDir: folder }
    const include = [join(root, 'src'), join(root, 'examples')]
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    if (status === 0) {
      writeSqlite(folder)
      return program
    }
    await program[Symbol.asyncDispose]()
    throw new Error(stdout)
  }

  /** Runs the main example. */
  run(...args: string[]): Ran {
    return this.runExample('test-prioritization', ...args)
  }

  runExample(name: string, ...args: string[]): Ran {
    const script = join(this.#folder, 'examples', `${name}.js`)
    const env = { ...process.env, TMPDIR: this.temporary }
    return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }
}
