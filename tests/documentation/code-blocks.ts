/** A fenced block of code in a document, or in an `@example` of a docstring. */
export interface CodeBlock {
  /** Relative to the root of the repository. */
  readonly path: string
  /** The line of the file in which the code begins, from 1. */
  readonly line: number
  /** `ts`, `sh`, `html`, ... */
  readonly language: string
  /** False for a block with `no-run: REASON` after its language: it is type-checked only. */
  readonly runs: boolean
  /** Why it does not run. */
  readonly reason: string | undefined
  /** Declarations of names that the code uses, from a comment `<!-- setup: ... -->` before the block. */
  readonly setup: string
  readonly code: string
}

const FENCED = /(?:^<!-- setup:\n([\s\S]*?)\n-->\n)?^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm

/** The blocks of a Markdown text, in order. */
export function blocksOf(path: string, text: string): CodeBlock[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const [all, setup = '', language = '', info = '', code = ''] = match
    const start = match.index + all.length - '```'.length - code.length
    const line = text.slice(0, start).split('\n').length
    const runs = !info.includes('no-run')
    return { path, line, language, runs, reason: /no-run: (.+)/.exec(info)?.[1], setup, code }
  })
}

/** The blocks of the `@example` tags of a source file; a tag without a block is one of the language `none`. */
export function examplesOf(path: string, text: string): CodeBlock[] {
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*) ?/, '').replace(/\*\/$/, ''))
    const before = text.slice(0, comment.index).split('\n').length - 1
    const starts = lines.flatMap((line, i) => (line.trimStart().startsWith('@example') ? [i] : []))
    return starts.map((start, i): CodeBlock => {
      const part = lines.slice(start, starts[i + 1]).join('\n')
      const [block] = blocksOf(path, part)
      const line = before + start + (block?.line ?? 1)
      return block
        ? { ...block, line }
        : { path, line, language: 'none', runs: false, reason: undefined, setup: '', code: '' }
    })
  })
}

/** The lines that a shell block runs, without comments and prompts. */
export function commandsOf({ code }: CodeBlock): string[] {
  return code
    .split('\n')
    .flatMap((line) => line.replace(/\s+#.*$|^#.*$/, '').split('&&'))
    .map((command) => command.trim())
    .filter((command) => command !== '')
}
