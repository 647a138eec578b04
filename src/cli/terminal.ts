import { createInterface } from 'node:readline/promises'
import { Presets, SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import colours from 'picocolors'
import { Failure } from './failure.ts'

const { stdin, stdout, stderr, env } = process

export interface Bar {
  at(count: number): void
  end(): void
}

/** Whoever reads only the head of a long answer closes the pipe; that is no error. */
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

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
export function canAsk(): boolean {
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
  const stop = (): void => controller.abort(new Failure('ABORTED', 'Stopped; nothing was changed.'))
  process.once('SIGINT', stop)
  return { signal: controller.signal, end: () => void process.removeListener('SIGINT', stop) }
}

/** Shows how far long work is, where somebody watches. */
export function progress(what: string, total: number, isShown: boolean): Bar {
  if (!isShown || stderr.isTTY !== true) return { at: () => {}, end: () => {} }
  const format = `${what} {bar} {value}/{total}`
  const bar = new SingleBar({ format, stream: stderr, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  bar.start(total, 0)
  return { at: (count) => bar.update(count), end: () => bar.stop() }
}

const PADDING = 2
const NARROWEST = 6

type Cell = string | number | null | undefined

/**
 * Rows under their heads, numbers to the right. On a terminal columns are cut until there is room: first those that are
 * `flexible`, the widest of them, then the others.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  flexible: readonly string[] = [],
): string {
  const texts = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '-' : String(cell))))
  const widths = head.map((name, i) => Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)))
  const least = head.map(({ length }) => Math.max(length, NARROWEST))
  const isFlexible = head.map((name) => flexible.includes(name))
  const room = stdout.isTTY ? (stdout.columns || 80) - PADDING * (head.length - 1) : Number.POSITIVE_INFINITY
  const cut = [isFlexible, head.map(() => true)].reduce<readonly number[]>(
    (done, may) => fitted(done, least, may, room),
    widths,
  )
  const isNumber = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'))
  const made = new Table({
    chars: { ...BORDERLESS },
    style: { 'padding-left': 0, 'padding-right': PADDING, head: [], border: [], compact: true },
    head: head.map((name) => style.bold(name)),
    colAligns: isNumber.map((right) => (right ? 'right' : 'left')),
    colWidths: cut.map((width) => width + PADDING),
  })
  made.push(...texts)
  return made.toString().replace(/ +$/gm, '')
}

/** The widest that may be cut is cut by one, until all fit or none is left. */
function fitted(
  widths: readonly number[],
  least: readonly number[],
  may: readonly boolean[],
  room: number,
): readonly number[] {
  const cut = [...widths]
  for (let excess = cut.reduce((sum, width) => sum + width, 0) - room; excess > 0; excess--) {
    const candidates = cut.map((width, i) => (may[i] && width > (least[i] ?? 0) ? width : 0))
    const most = Math.max(...candidates)
    if (most === 0) break
    cut[candidates.indexOf(most)] = most - 1
  }
  return cut
}

const BORDERLESS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
} as const

/** Names and what they are, one a line. */
export function facts(pairs: readonly (readonly [name: string, value: Cell | boolean])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value ?? '-'}`).join('\n')
}

/** Four significant digits. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)))
}
