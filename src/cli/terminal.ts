import { createInterface } from 'node:readline/promises'
import { Presets, SingleBar } from 'cli-progress'
import colours from 'picocolors'
import { type Cell, columns } from './columns.ts'
import { Failure } from './failure.ts'

const { stdin, stdout, stderr, env } = process

export interface Bar {
  at(count: number): void
  end(): void
}

/** Whoever reads only the head of a long answer closes the pipe, which is no error; what else fails ends the program with 1. */
export function whenOutputFails(tell: (error: Error) => void): void {
  stdout.once('error', (error: NodeJS.ErrnoException) => {
    // It fails once for each piece that waits.
    stdout.on('error', () => {})
    if (error.code === 'EPIPE') return
    tell(error)
    // What was told of the command itself comes later.
    process.once('exit', () => {
      process.exitCode = 1
    })
  })
}

function isColoured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** Colours on a terminal, bare text elsewhere. */
export const style: ReturnType<typeof colours.createColors> = colours.createColors(isColoured(stdout))
export const errorStyle: ReturnType<typeof colours.createColors> = colours.createColors(isColoured(stderr))

export function print(text: string): void {
  if (text !== '') stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

export function printError(text: string): void {
  stderr.write(`${text}\n`)
}

/** Whether there is somebody to ask. */
export function canRequestHandover(): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** Whether the answer is yes. */
export async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

/** Aborts at the first interrupt from the keyboard; the second ends the program as always. */
export function stoppedByInterrupt(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const stop = (): void => controller.abort(new Failure('ABORTED', 'Stopped before anything was changed'))
  process.once('SIGINT', stop)
  return { signal: controller.signal, end: () => void process.removeListener('SIGINT', stop) }
}

/** Shows how far long work is, where somebody watches. @param total undefined where it is not known before the end */
export function progress(what: string, total: number | undefined, isShown: boolean): Bar {
  if (!isShown || stderr.isTTY !== true) return { at: () => {}, end: () => {} }
  const format = total === undefined ? `{count} ${what}` : `${what} {bar} {value}/{total}`
  const bar = new SingleBar({ format, stream: stderr, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  const payload = (count: number): object => ({ count: count.toLocaleString('en') })
  bar.start(total ?? 0, 0, payload(0))
  return { at: (count) => bar.update(count, payload(count)), end: () => bar.stop() }
}

/** Rows under their heads. On a terminal columns that are `flexible` are cut until there is room. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  flexible: readonly string[] = [],
): string {
  const room = stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY
  return columns(head, rows, { flexible, room, headStyle: style.bold })
}

/** Names and what they are, one a line. */
export function facts(pairs: readonly (readonly [name: string, value: Cell | boolean])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value ?? '-'}`).join('\n')
}

/** `1 agent`, `2 agents`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
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

/** Four significant digits. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)))
}
