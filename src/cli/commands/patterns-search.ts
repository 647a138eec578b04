import type { CommandSpec } from '../command.ts'
import { FRAMEWORK, LIMIT, TYPE } from '../options.ts'
import { short } from '../terminal.ts'
import { filters } from './patterns-list.ts'

export const patternsSearch: CommandSpec = {
  name: 'patterns search',
  summary: 'search test patterns by words of their name, description and tags',
  isReading: true,
  arguments: [['<text>', 'words, prefix*, "phrases"']],
  options: [FRAMEWORK, TYPE, LIMIT, ['--any', 'match any of the words instead of all']],
  examples: ['patterns search "api validation"', 'patterns search "valid*" --framework jest --limit 5'],
  async run(context) {
    const [text = ''] = context.args
    const { style } = context.terminal
    const store = await context.store()
    const limit = context.count('limit') ?? 10
    const matching = context.has('any') ? 'any' : 'all'
    const found = await store.testPatterns.search(text, { ...filters(context), matching, limit: limit + 1 })
    const hits = found.slice(0, limit)
    const isTruncated = found.length > limit
    const lines = hits.map(({ pattern, score, snippets }) => {
      const { id, metadata, framework, patternType } = pattern
      const found = snippets.map(({ field, parts }) => {
        const shown = parts.map((part) => (part.isHit ? style.yellow(part.text) : part.text)).join('')
        return `    ${style.dim(field)} ${shown}`
      })
      const first = `${style.bold(metadata.name ?? id)}  ${style.dim(`${framework} ${patternType} ${short(score)} ${id}`)}`
      return [first, ...found].join('\n')
    })
    if (isTruncated) lines.push(style.dim(`More than ${limit} match; use --limit to show more.`))
    return { json: { hits, isTruncated }, text: lines.length === 0 ? 'No test patterns match.' : lines.join('\n') }
  },
}
