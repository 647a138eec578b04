import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'

const main = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js')

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder to work in, and the program as it was built. */
export class Desk {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), 'command-line-')))
  }

  /** Runs the program with these arguments, with nobody at a terminal. */
  run(...args: string[]): Ended {
    return this.runWith({}, ...args)
  }

  runWith(env: NodeJS.ProcessEnv, ...args: string[]): Ended {
    const { AQE_DB_PATH: _, ...inherited } = process.env
    const options = { cwd: this.folder, encoding: 'utf8', env: { ...inherited, ...env } } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options)
    return { status, stdout, stderr }
  }

  /** Runs it with its standard output in a file. */
  runInto(file: string, ...args: string[]): Pick<Ended, 'status' | 'stderr'> {
    const output = openSync(file, 'w')
    try {
      const options = { cwd: this.folder, encoding: 'utf8' } as const
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        ...options,
        stdio: ['ignore', output, 'pipe'],
      })
      return { status, stderr }
    } finally {
      closeSync(output)
    }
  }

  /** Runs it at a terminal of 80 columns, where somebody types `input`. Both streams come out as one. */
  runAtTerminal(input: string, ...args: string[]): Ended {
    const { AQE_DB_PATH: _, NO_COLOR: __, ...env } = process.env
    const command = ['stty cols 80;', process.execPath, main, ...args].map((one, i) => (i === 0 ? one : `'${one}'`))
    const spawned = ['-qec', command.join(' '), '/dev/null']
    const options = { cwd: this.folder, encoding: 'utf8', input, env: { ...env, TERM: 'xterm' } } as const
    const { status, stdout, stderr } = spawnSync('script', spawned, options)
    return { status, stdout, stderr }
  }

  /** The only thing that it prints, as JSON. */
  json(...args: string[]): unknown {
    const { status, stdout, stderr } = this.run(...args, '--json')
    if (stderr !== '') throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return JSON.parse(stdout)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Opens a store as an agent's own program would, and closes it again. */
  async teach(work: (store: AsyncStore) => Promise<unknown>, storage?: string): Promise<void> {
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

/** Three agents of two types that carried out twelve tasks each. */
export async function threeAgents(store: AsyncStore): Promise<void> {
  for (const [id, type] of [
    ['qe-test-generator-001', 'qe-test-generator'],
    ['qe-test-generator-002', 'qe-test-generator'],
    ['crawler', 'web'],
  ] as const) {
    const agent = await store.agent(id, { type })
    for (let i = 0; i < 12; i++) {
      await agent.learnFromExecution({
        ...{ taskType: 'unit-test', state: { complexity: (i % 3) / 2 }, action: { strategy: 'template-based' } },
        ...{ reward: 1.2, success: i % 5 !== 0, executionTimeMs: 40 },
      })
    }
  }
}
