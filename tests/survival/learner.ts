import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FileChange } from '../../src/persistence/file/file-storage.ts'
import type { Durability } from '../../src/persistence/storage.ts'

/** What a process is to do: learn with four agents at once, one for each algorithm. */
export interface Orders {
  readonly path: string
  readonly durability: Durability
  readonly seed: number
  /** Begins the id of each of its experiences. */
  readonly name: string
  /** How many experiences each agent learns from before the store is closed; without end unless given. */
  readonly count?: number
  /** How many times the store is opened and closed; 1 unless given. */
  readonly sessions?: number
  readonly lockTimeoutMs?: number
  readonly persistence?: { readonly snapshotAfterLogBytes?: number; readonly snapshotAfterIdleMs?: number }
  /** Writes so many bytes over each other all the time, so that snapshots are due all the time. */
  readonly ballastBytes?: number
  /** Ends, or waits for `release`, before the nth change of this kind on the disk. */
  readonly trap?: { readonly before: FileChange; readonly nth: number; readonly end: 'kill' | 'wait' }
  /** Leaves it to the system when bytes come to the disk. */
  readonly withoutSync?: boolean
}

/** An experience that a store said it has. */
export interface Acknowledged {
  readonly agent: string
  readonly id: string
  /** The value after the update; undefined where SARSA waits for the next action. */
  readonly value?: number | undefined
  /** A commit that is not before the experience's own. */
  readonly sequence: number
  readonly durableSequence: number
}

export interface Refused {
  readonly code: string
  readonly message: string
}

interface Report {
  readonly opened?: { readonly sequence: number; readonly notes: readonly string[] }
  readonly acknowledged?: Acknowledged
  readonly refused?: Refused
  readonly trapped?: FileChange
  readonly closed?: boolean
}

/** A process that runs `learner.mjs`, and what it has told so far. */
export class Learner {
  readonly acknowledged: Acknowledged[] = []
  readonly refused: Refused[] = []
  opened: { readonly sequence: number; readonly notes: readonly string[] } | undefined
  trapped: FileChange | undefined
  closed: boolean | undefined
  /** What it wrote to its error output. */
  errors: string = ''
  /** How it ended; undefined while it lives. */
  ended: { readonly code: number | null; readonly signal: string | null } | undefined
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #events = new EventEmitter()
  #line = ''

  constructor(orders: Orders) {
    const program = fileURLToPath(new URL('learner.mjs', import.meta.url))
    this.#child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: 'pipe' })
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString()
    })
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk.toString()))
    this.#child.on('close', (code, signal) => {
      this.ended = { code, signal }
      this.#events.emit('news')
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves as soon as it is true, or the process has ended. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue() && !this.ended) await once(this.#events, 'news')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Lets it out of its trap. */
  release(): void {
    this.#child.stdin.write('\n')
  }

  /** Resolves when the process has ended and everything that it told was read. */
  async end(): Promise<void> {
    await this.until(() => false)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.end()
  }

  #read(text: string): void {
    const lines = (this.#line + text).split('\n')
    this.#line = lines.pop() ?? ''
    for (const line of lines) {
      const { opened, acknowledged, refused, trapped, closed } = JSON.parse(line) as Report
      this.opened = opened ?? this.opened
      this.trapped = trapped ?? this.trapped
      this.closed = closed ?? this.closed
      if (acknowledged) this.acknowledged.push(acknowledged)
      if (refused) this.refused.push(refused)
    }
    this.#events.emit('news')
  }
}
