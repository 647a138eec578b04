import type { StoreErrorCode } from '../../errors.ts'
import type { CommandSpec, Report } from '../command.ts'
import { type Examination, examine } from '../doctor/examination.ts'
import { type Remedy, remedyFor, repair } from '../doctor/repair.ts'
import { checkThere } from '../files.ts'
import { CONFIRM } from '../options.ts'
import { countsOf, style } from '../terminal.ts'

const WHAT: { readonly [R in Remedy]: string } = {
  none: 'nothing that doctor could mend by itself',
  open: 'opening the store mends this by itself',
  'text index': 'the text index can be made anew from the test patterns',
  salvage: 'a new store can be made of what is left; everything is kept as it is in a folder beside it',
  'copy-rows':
    'all rows that can be read can be copied to a new store; everything is kept as it is in a folder beside it',
}

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'find what is broken about a store; with --repair mend it, and say what was lost',
  options: [['--repair', 'mend what can be mended, after asking'], CONFIRM],
  examples: ['doctor', 'doctor --repair', 'doctor --storage file:learning.db --repair --confirm --json'],
  async run(context) {
    await checkThere(context.path)
    const found = await examine(context.path)
    const remedy = remedyFor(found)
    const ok = !found.refusal && found.findings.length === 0
    if (remedy === 'none' || !context.has('repair')) {
      const canRepair = remedy !== 'none' && remedy !== 'open'
      const recommendation = canRepair
        ? [`${WHAT[remedy]}: learning-store doctor --repair`]
        : ok || (found.refusal && NOT_BROKEN[found.refusal.code])
          ? []
          : [`There is ${WHAT.none}.`]
      const text = [told(found), ...recommendation].join('\n')
      return { json: { ...found, ok, remedy }, text, isUnsound: !ok }
    }
    await context.confirm(`${told(found)}\n${WHAT[remedy]}.`)
    const repaired = await repair(context.path, remedy, context.stamp())
    if (!repaired) {
      const text = `${told(found)}\nNothing can be read of any snapshot. Nothing was changed.`
      return { json: { ...found, ok: false, remedy, repaired: null }, text, isUnsound: true }
    }
    return after(found, remedy, repaired, await examine(context.path))
  },
}

type Repaired = NonNullable<Awaited<ReturnType<typeof repair>>>

function after(before: Examination, remedy: Remedy, repaired: Repaired, now: Examination): Report {
  const ok = !now.refusal && now.findings.length === 0
  const { source, lost, kept } = repaired
  const text = [
    told(before),
    style.bold(ok ? 'Mended.' : `Mended as far as it goes: what is found below is ${WHAT.none}.`),
    ...(source === undefined ? [] : [`Made of ${source}.`]),
    ...(remedy === 'salvage' || remedy === 'copy-rows' ? losses(lost) : []),
    ...(kept === undefined ? [] : [`Everything as it was is in ${kept}`]),
    told(now),
  ]
  const json = { before, remedy, repaired, ok, findings: now.findings, counts: now.counts }
  return { json, text: text.join('\n'), isUnsound: !ok }
}

function losses(lost: readonly string[]): string[] {
  return lost.length === 0 ? ['Nothing was lost.'] : lost.map((what) => `${style.yellow('lost')}  ${what}`)
}

/** What keeps a store from being looked at although nothing of it need be broken. */
const NOT_BROKEN: { readonly [code in StoreErrorCode]?: string } = {
  LOCKED: 'in use',
  NOT_A_STORE: 'other',
  SCHEMA_TOO_NEW: 'newer',
}

function refused({ code, message }: NonNullable<Examination['refusal']>): string {
  const word = NOT_BROKEN[code]
  if (word === undefined) return `${style.red('broken')}  ${style.dim(code)} ${message}`
  const holder = code === 'LOCKED' ? /process \d+ on \S+/.exec(message)?.[0] : undefined
  const why = holder ? `by ${holder}: stop it, or wait until it has closed the store, then ask again` : message
  return `${style.yellow(word)}  ${style.dim(code)} ${why}`
}

function told({ refusal, notes, findings, counts }: Examination): string {
  const lines = [
    ...(refusal ? [refused(refusal)] : []),
    ...notes.map((note) => `${style.yellow('note')}    ${note}`),
    ...findings.map(({ what, detail }) => `${style.red('found')}   ${what}: ${detail}`),
  ]
  if (!counts || findings.length > 0) return lines.join('\n')
  return [...lines, `${style.green('sound')}   ${countsOf(counts)}`].join('\n')
}
