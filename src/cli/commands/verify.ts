import type { CommandSpec } from '../command.ts'
import { countsOf, style } from '../terminal.ts'

export const verify: CommandSpec = {
  name: 'verify',
  summary: 'look at every page and row for what should not be',
  examples: ['verify', 'verify --storage file:learning.db --json'],
  async run(context) {
    const store = await context.store()
    const { ok, findings } = await store.verify()
    const { notes, counts, sequence } = await store.status()
    const json = { storage: context.storage, ok, findings, notes, sequence }
    const sound = `${style.green('sound')}  ${countsOf(counts)}, commit ${sequence}`
    const lines = findings.map(({ what, detail }) => `${style.red('found')}  ${what}: ${detail}`)
    const unsound = `${lines.join('\n')}\n\`learning-store doctor\` says what can be mended.`
    return { json, text: [ok ? sound : unsound, ...notes].join('\n'), isUnsound: !ok }
  },
}
