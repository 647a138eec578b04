import { createInterface } from 'node:readline/promises'
import { Presets, SingleBar } from 'cli-progress'
import type { Environment } from '../runtime/node/default-storage.ts'
import { type Cell, columns } from './columns.ts'
import { Failure } from './failure.ts'
import { type Style, Styles } from './style.ts'
import { visibleLine } from './visible.ts'

interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** What the program runs in: `process`, or a stand-in for it. */
export interface ProgramHost {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Environment
}

export interface Bar {
  update(count: number): void
  stop(): void
}

/**
 * Output, questions and progress. Colors, bars and questions only on a terminal. Everything that is printed passes
 * through it, which escapes what a terminal would act on or not show.
 */
export class Terminal {
  readonly style: Style
  readonly errorStyle: Style
  readonly #host: ProgramHost
  readonly #styles = new Styles()
  #isClosed = false

  constructor(host: ProgramHost) {
    this.#host = host
    const isColored = ({ isTTY }: OutputStream): boolean =>
      isTTY === true && !host.env.NO_COLOR && host.env.TERM !== 'dumb'
    this.style = this.#styles.style(isColored(host.stdout))
    this.errorStyle = this.#styles.style(isColored(host.stderr))
  }

  /** Calls the listener once if the output cannot be written; the program then ends with 1. A reader that closes the pipe is no error. */
  onOutputError(listener: (error: Error) => void): void {
    const { stdout } = this.#host
    stdout.once('error', (error: NodeJS.ErrnoException) => {
      this.#isClosed = true
      // One error comes for each pending chunk.
      stdout.on('error', () => {})
      if (error.code === 'EPIPE') return
      listener(error)
      // The exit code of the command itself is set later.
      process.once('exit', () => {
        process.exitCode = 1
      })
    })
  }

  /** Whether the output can no longer be written. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  get stdin(): ProgramHost['stdin'] {
    return this.#host.stdin
  }

  get stdout(): ProgramHost['stdout'] {
    return this.#host.stdout
  }

  print(text: string): void {
    if (text !== '') this.#write(this.#styles.visible(text))
  }

  /** Prints the content of a file: exactly into a pipe or a file, escaped on a terminal. */
  printContent(text: string): void {
    if (this.#host.stdout.isTTY === true) this.print(text)
    else if (text !== '') this.#write(text)
  }

  #write(text: string): void {
    this.#host.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  printError(text: string): void {
    this.#host.stderr.write(`${this.#styles.visible(text)}\n`)
  }

  /** The environment of the program. */
  get env(): Environment {
    return this.#host.env
  }

  get isInteractive(): boolean {
    return this.#host.stdin.isTTY === true && this.#host.stderr.isTTY === true
  }

  /** Asks a yes-or-no question; the default is no. */
  async confirm(question: string): Promise<boolean> {
    const lines = createInterface({ input: this.#host.stdin, output: this.#host.stderr })
    try {
      return /^y(es)?$/i.test((await lines.question(`${visibleLine(question)} [y/N] `)).trim())
    } finally {
      lines.close()
    }
  }

  /** @param total undefined if it is not known in advance */
  progress(what: string, total: number | undefined): Bar {
    const { stderr } = this.#host
    if (stderr.isTTY !== true) return NO_BAR
    const name = visibleLine(what)
    const format = total === undefined ? `{count} ${name}` : `${name} {bar} {value}/{total}`
    const bar = new SingleBar(
      { format, stream: stderr, hideCursor: true, clearOnComplete: true },
      Presets.shades_classic,
    )
    const payload = (count: number): object => ({ count: count.toLocaleString('en') })
    bar.start(total ?? 0, 0, payload(0))
    return { update: (count) => bar.update(count, payload(count)), stop: () => bar.stop() }
  }

  /** Rows under their headings. On a terminal the `flexible` columns are cut to its width. */
  table(head: readonly string[], rows: readonly (readonly Cell[])[], flexible: readonly string[] = []): string {
    const { isTTY, columns: width } = this.#host.stdout
    const maxWidth = isTTY ? width || 80 : Number.POSITIVE_INFINITY
    return columns(head, rows, { flexible, maxWidth, headStyle: this.style.bold })
  }

  /** Names and their values, one per line. */
  facts(pairs: readonly (readonly [name: string, value: Cell | boolean])[]): string {
    const width = Math.max(...pairs.map(([name]) => name.length))
    return pairs
      .map(([name, value]) => `${this.style.dim(name.padEnd(width))}  ${visibleLine(String(value ?? '-'))}`)
      .join('\n')
  }
}

export const NO_BAR: Bar = { update: () => {}, stop: () => {} }

/** Aborts at the first interrupt from the keyboard; the second one ends the process as usual. */
export function abortOnInterrupt(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Failure('ABORTED', 'Interrupted before anything was changed'))
  process.once('SIGINT', stop)
  return { signal: controller.signal, end: () => void process.removeListener('SIGINT', stop) }
}

/** `1 agent`, `2 agents`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** `Strategies`, or `Strategies (20 of 158)` if some are not listed. */
export function titleOf(what: string, listed: number, all: number): string {
  return listed === all ? what : `${what} (${listed} of ${all.toLocaleString('en')})`
}

/** `1 agent, 2 experiences, 2 values`. */
export function countsOf(counts: {
  readonly agents: number
  readonly experiences: number
  readonly values: number
}): string {
  const { agents, experiences, values } = counts
  return [plural(agents, 'agent'), plural(experiences, 'experience'), plural(values, 'value')].join(', ')
}

/** A share in [0, 1] in percent; a dash if it is a share of nothing. */
export function percent(part: number | null): string {
  return part === null ? '-' : `${short(part * 100)} %`
}

/** Four significant digits. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)))
}
