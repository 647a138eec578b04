import type { Context } from './context.ts'

/** What a command came to. */
export interface Report {
  /** What `--json` prints: plain data. */
  readonly json: unknown
  /** What people read, made when it is shown; empty prints nothing. */
  readonly text: string | (() => string)
  /** Exit code 1 although nothing went wrong with the command itself: what it looked at is not sound. */
  readonly isUnsound?: boolean
}

/** An option: how it is written, what it does, and how its text is read. */
export type OptionSpec = readonly [flags: string, what: string, read?: (text: string) => unknown]

/** One command of the program. */
export interface CommandSpec {
  /** Its words: `learn status`. */
  readonly name: string
  readonly summary: string
  /** As commander writes them: `<text>`, `[file]`. */
  readonly arguments?: readonly (readonly [name: string, what: string])[]
  readonly options?: readonly OptionSpec[]
  /** What is typed after `learning-store`. */
  readonly examples: readonly string[]
  run(context: Context): Promise<Report>
}
