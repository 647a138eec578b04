import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { run } from '../../src/cli/program.ts'
import type { ProgramHost } from '../../src/cli/terminal.ts'
import { type AsyncStore, openLearningStore, type StorageName } from '../../src/entry/node.ts'
import type { Environment } from '../../src/runtime/node/default-storage.ts'

export const main: string = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js')

/** The environment of this process without what names a storage. */
const { AQE_DB_PATH: _, LEARNING_STORE: __, ...ENVIRONMENT } = process.env

const { NO_COLOR: ___, ...COLORED } = ENVIRONMENT
const TERMINAL: Environment = { ...COLORED, TERM: 'xterm' }

/** The arguments of `script`, which runs the program at a terminal. */
function atTerminal(args: readonly string[]): string[] {
  const command = [process.execPath, main, ...args].map((one) => `'${one}'`).join(' ')
  return ['-qec', `stty cols 80; ${command}`, '/dev/null']
}

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What stands in for a terminal or a pipe. */
class Output extends Writable {
  readonly isTTY: boolean
  readonly columns: number
  text = ''

  constructor(isTTY: boolean, columns: number = 80) {
    super()
    this.isTTY = isTTY
    this.columns = columns
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

/** A folder in which the program runs, mostly in this process. Tests of one file that use it run one after the other. */
export class Desk {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), 'command-line-')))
  }

  /** Runs the program in this process, without a terminal. */
  run(...args: string[]): Promise<Ended> {
    return this.runWith({}, ...args)
  }

  async runWith(env: Environment, ...args: string[]): Promise<Ended> {
    const [stdin, stdout, stderr] = [new PassThrough(), new Output(false), new Output(false)]
    const status = await this.#run(args, { stdin, stdout, stderr, env: { ...ENVIRONMENT, ...env } })
    return { status, stdout: stdout.text, stderr: stderr.text }
  }

  /** Runs the program in this process at a terminal of 80 columns, where a user types `input`. Both streams come out as one. */
  runAtTerminal(input: string, ...args: string[]): Promise<Ended> {
    return this.runAtTerminalOf(80, input, ...args)
  }

  /** The same at a terminal of another width. */
  async runAtTerminalOf(columns: number, input: string, ...args: string[]): Promise<Ended> {
    const output = new Output(true, columns)
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    stdin.end(input)
    const env = { ...ENVIRONMENT, NO_COLOR: undefined, TERM: 'xterm' }
    const status = await this.#run(args, { stdin, stdout: output, stderr: output, env })
    return { status, stdout: output.text, stderr: '' }
  }

  async #run(args: readonly string[], host: ProgramHost): Promise<number> {
    const folder = process.cwd()
    process.chdir(this.folder)
    try {
      return await run(args, host)
    } finally {
      process.chdir(folder)
    }
  }

  /** Runs the program as it was built, in a process of its own. */
  runProcess(...args: string[]): Ended {
    return this.runProcessWith({}, ...args)
  }

  runProcessWith(env: NodeJS.ProcessEnv, ...args: string[]): Ended {
    const options = { cwd: this.folder, encoding: 'utf8', env: { ...ENVIRONMENT, ...env } } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options)
    return { status, stdout, stderr }
  }

  /** Runs the program in a process of its own, with its standard output in a file. */
  runInto(file: string, ...args: string[]): Pick<Ended, 'status' | 'stderr'> {
    const output = openSync(file, 'w')
    try {
      const options = { cwd: this.folder, encoding: 'utf8', env: ENVIRONMENT } as const
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        ...options,
        stdio: ['ignore', output, 'pipe'],
      })
      return { status, stderr }
    } finally {
      closeSync(output)
    }
  }

  /** Runs the program in a process of its own at a terminal of 80 columns, where a user types `input`. Both streams come out as one. */
  runProcessAtTerminal(input: string, ...args: string[]): Ended {
    const options = { cwd: this.folder, encoding: 'utf8', input, env: TERMINAL } as const
    const { status, stdout, stderr } = spawnSync('script', atTerminal(args), options)
    return { status, stdout, stderr }
  }

  /** The same, and types `input` once the output matches. */
  async runProcessUntil(output: RegExp, input: string, ...args: string[]): Promise<Ended> {
    const child = spawn('script', atTerminal(args), { cwd: this.folder, env: TERMINAL })
    let stdout = ''
    let isTyped = false
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
      if (isTyped || !output.test(stdout)) return
      isTyped = true
      child.stdin.write(input)
    })
    const [status] = (await once(child, 'close')) as [number | null]
    return { status, stdout, stderr: '' }
  }

  /** Runs the program with `--json`. @returns the document that it prints */
  async json(...args: string[]): Promise<unknown> {
    const { status, stdout, stderr } = await this.run(...args, '--json')
    if (stderr !== '') throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return JSON.parse(stdout)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Opens a store as the program of an agent would, and closes it again. */
  async teach(work: (store: AsyncStore) => Promise<unknown>, storage?: StorageName): Promise<void> {
    const store = await openLearningStore({ storage: storage ?? `file:${this.path('.agentic-qe/memory.db')}`, seed: 7 })
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

/** Three agents of two types, each of which has executed twelve tasks. */
export async function threeAgents(store: AsyncStore): Promise<void> {
  for (const [id, type] of [
    ['qe-test-generator-001', 'qe-test-generator'],
    ['qe-test-generator-002', 'qe-test-generator'],
    ['crawler', 'web'],
  ] as const) {
    const agent = await store.agent(id, { type })
    for (let i = 0; i < 12; i++) {
      await agent.learnFromExecution({
        taskType: 'unit-test',
        state: { complexity: (i % 3) / 2 },
        action: { strategy: 'template-based' },
        reward: 1.2,
        success: i % 5 !== 0,
        discovery: 'rate',
        executionTimeMs: 40,
      })
    }
  }
}
