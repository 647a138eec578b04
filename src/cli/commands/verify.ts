import type { CommandSpec } from '../command.ts'
import { countsOf } from '../terminal.ts'

export const verify: CommandSpec = {
  name: 'verify',
  summary: 'check every page and row of the store',
  isReading: true,
  examples: ['verify', 'verify --storage file:learning.db --json'],
  async run(context) {
    const store = await context.store()
    const { ok, findings } = await store.verify()
    const { notes, counts, sequence } = await store.status()
    const json = { storage: context.storage, ok, findings, notes, sequence }
    const { style } = context.terminal
    const passed = `${style.green('ok')}  Integrity check passed: ${countsOf(counts)}, commit ${sequence}`
    const problems = findings.map(({ what, detail }) => `${style.red('problem')}  ${what}: ${detail}`)
    const failed = `${problems.join('\n')}\n\`learning-store doctor\` shows which problems it can repair.`
    return { json, text: [ok ? passed : failed, ...notes].join('\n'), hasProblems: !ok }
  },
}
