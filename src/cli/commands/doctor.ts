import type { StoreErrorCode } from '../../errors.ts'
import type { CommandSpec, Report } from '../command.ts'
import { type Examination, examine, type OpenStore } from '../doctor/examination.ts'
import { type Remedy, remedyFor, repair } from '../doctor/repair.ts'
import { checkStoreExists } from '../files.ts'
import { CONFIRM } from '../options.ts'
import { countsOf, type Terminal } from '../terminal.ts'

const CANNOT_REPAIR = 'doctor cannot repair these problems'
const CANNOT_REPAIR_ENCRYPTED = 'doctor cannot repair encrypted stores: restore a backup'
const PLANS: { readonly [R in Remedy]: string } = {
  none: CANNOT_REPAIR,
  open: 'opening the store repairs this',
  'text index': 'the text index can be rebuilt from the test patterns',
  salvage: 'a new store can be made from the remaining data; the damaged files are moved to a folder beside it',
  'copy-rows': 'all readable rows can be copied to a new store; the damaged files are moved to a folder beside it',
}

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'diagnose a store; with --repair, repair it and report what was lost',
  options: [['--repair', 'repair the store, after confirmation'], CONFIRM],
  examples: ['doctor', 'doctor --repair', 'doctor --storage file:learning.db --repair --confirm --json'],
  async run(context) {
    const { path, terminal } = context
    await checkStoreExists(path)
    const open: OpenStore = (options) => context.open(options)
    const found = await examine(path, open)
    const isEncrypted = await context.hasKey()
    // Salvaging reads the files of a store without its key.
    const remedy = isEncrypted && remedyFor(found) !== 'open' ? 'none' : remedyFor(found)
    const ok = !found.refusal && found.findings.length === 0
    const diagnosis = diagnosisOf(found, terminal)
    if (remedy === 'none' || !context.has('repair')) {
      const canRepair = remedy !== 'none' && remedy !== 'open'
      const recommendation = canRepair
        ? [`To repair: learning-store doctor --repair (${PLANS[remedy]})`]
        : ok || (found.refusal && UNDAMAGED[found.refusal.code])
          ? []
          : [`${isEncrypted ? CANNOT_REPAIR_ENCRYPTED : CANNOT_REPAIR}.`]
      const text = [diagnosis, ...recommendation].join('\n')
      return { json: { ...found, ok, remedy }, text, hasProblems: !ok }
    }
    await context.confirm(`${diagnosis}\n${PLANS[remedy]}.`)
    const repaired = await repair(path, remedy, context.timestamp(), open)
    if (!repaired) {
      const text = `${diagnosis}\nNo snapshot can be read. Nothing was changed.`
      return { json: { ...found, ok: false, remedy, repaired: null }, text, hasProblems: true }
    }
    return reportOf(found, remedy, repaired, await examine(path, open), terminal)
  },
}

type Repaired = NonNullable<Awaited<ReturnType<typeof repair>>>

function reportOf(
  before: Examination,
  remedy: Remedy,
  repaired: Repaired,
  now: Examination,
  terminal: Terminal,
): Report {
  const ok = !now.refusal && now.findings.length === 0
  const { source, lost, backup } = repaired
  const text = [
    diagnosisOf(before, terminal),
    terminal.style.bold(ok ? 'Repaired.' : `Repaired in part: ${CANNOT_REPAIR}.`),
    ...(source === undefined ? [] : [`Restored from ${source}.`]),
    ...(remedy === 'salvage' || remedy === 'copy-rows' ? losses(lost, terminal) : []),
    ...(backup === undefined ? [] : [`The damaged files are in ${backup}`]),
    diagnosisOf(now, terminal),
  ]
  const json = { before, remedy, repaired, ok, findings: now.findings, counts: now.counts }
  return { json, text: text.join('\n'), hasProblems: !ok }
}

function losses(lost: readonly string[], { style }: Terminal): string[] {
  return lost.length === 0 ? ['Nothing was lost.'] : lost.map((what) => `${style.yellow('lost')}      ${what}`)
}

/** Reasons why a store cannot be examined that are no damage. */
const UNDAMAGED: { readonly [code in StoreErrorCode]?: string } = {
  LOCKED: 'in use',
  NOT_A_STORE: 'foreign',
  SCHEMA_TOO_NEW: 'too new',
  WRONG_KEY: 'no key',
}

function refusalText({ code, message }: NonNullable<Examination['refusal']>, { style }: Terminal): string {
  const label = UNDAMAGED[code]
  if (label === undefined) return `${style.red('damaged')}   ${style.dim(code)} ${message}`
  const holder = code === 'LOCKED' ? /process \d+ on \S+/.exec(message)?.[0] : undefined
  const reason = holder ? `by ${holder}: stop it, or wait until it has closed the store, then try again` : message
  return `${style.yellow(label.padEnd(8))}  ${style.dim(code)} ${reason}`
}

function diagnosisOf({ refusal, notes, findings, counts }: Examination, terminal: Terminal): string {
  const { style } = terminal
  const lines = [
    ...(refusal ? [refusalText(refusal, terminal)] : []),
    ...notes.map((note) => `${style.yellow('note')}      ${note}`),
    ...findings.map(({ what, detail }) => `${style.red('problem')}   ${what}: ${detail}`),
  ]
  if (!counts || findings.length > 0) return lines.join('\n')
  return [...lines, `${style.green('ok')}        ${countsOf(counts)}`].join('\n')
}
