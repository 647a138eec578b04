import type { Context } from './context.ts'

/** The result of a command. */
export interface Report {
  /** Printed with `--json`: plain data; undefined prints nothing. */
  readonly json: unknown
  /** Printed otherwise, or a function that makes it; an empty text prints nothing. */
  readonly text: string | (() => string)
  /** Whether the text is the content of a file, which a pipe or a file gets exactly. */
  readonly isContent?: boolean
  /** Exit code 1, although the command itself succeeded: it found problems in the store. */
  readonly hasProblems?: boolean
}

/** An option: its flags, its description and its parser, which is also given the value before if the option is repeated. */
export type OptionSpec = readonly [
  flags: string,
  description: string,
  parse?: (text: string, before?: unknown) => unknown,
]

/** A command of the program. */
export interface CommandSpec {
  /** One or two words: `verify`, `learn status`. */
  readonly name: string
  readonly summary: string
  /** In commander's notation: `<text>`, `[file]`. */
  readonly arguments?: readonly (readonly [name: string, description: string])[]
  readonly options?: readonly OptionSpec[]
  /** Command lines, without the name of the program. */
  readonly examples: readonly string[]
  /** Whether it only reads: then it works beside the writer of the store, and where the store cannot be written. */
  readonly isReading?: boolean
  run(context: Context): Promise<Report>
}
