import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AsyncStore, openLearningStore, type StorageName } from '../../src/entry/node.ts'
import type { MeasuredRow, Medians, Row, Rows } from '../measure.ts'
import { peerLearner } from '../peer-learner.ts'
import { nativeSqlite } from '../peers.ts'
import { inTurn, list, sampleExperience } from '../samples.ts'

type Durability = 'relaxed' | 'strict'

const EXPERIENCES = list(1000, sampleExperience)
const FEW = 1000

/** Learning into a file, a commit each. */
export function relaxedRows(): Promise<Rows> {
  return fileRows('relaxed', [FEW], 1500)
}

/**
 * The same with `strict`, where few and where many experiences are stored. Apart from the relaxed row: what that leaves
 * for the system to write would delay the commits here.
 */
export function strictRows(many: number): Promise<Rows> {
  return fileRows('strict', [FEW, many], 120)
}

async function fileRows(durability: Durability, sizes: readonly number[], samples: number): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-bench-'))
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const rows: Row[] = []
  for (const stored of sizes) {
    const path = join(folder, `${durability}-${stored}`)
    const store = await filled(`file:${path}.ours`, durability, stored)
    const agent = await store.agent('agent')
    const learner = peerLearner(nativeSqlite(durability, `${path}.native`))
    for (let i = 0; i < stored; i += EXPERIENCES.length) learner.learnMany(EXPERIENCES)
    closing.unshift(() => store.close(), learner.close)
    const [next, nextOfPeer] = [inTurn(EXPERIENCES), inTurn(EXPERIENCES.map((experience) => [experience]))]
    rows.push({
      operation: operationOf(stored),
      storage: 'file',
      durability,
      batch: 1,
      samples,
      note: NOTES[durability],
      entrants: {
        ours: () => ({ run: () => agent.learn(next()) }),
        native: () => ({ run: () => learner.learnMany(nextOfPeer()) }),
      },
    })
  }
  const close = async (): Promise<void> => {
    for (const one of closing) await one()
  }
  return { rows, close }
}

/** How many times longer a strict commit takes where `many` experiences are stored than where few are. */
export function growth(results: readonly MeasuredRow[], many: number): Medians {
  const [few, lots] = [FEW, many].map((stored) => {
    const operation = operationOf(stored)
    return results.find(({ row }) => row.operation === operation && row.durability === 'strict')?.medians
  })
  const ratio = (a = Number.NaN, b = Number.NaN): number => b / a
  return { ours: ratio(few?.ours, lots?.ours), native: ratio(few?.native, lots?.native) }
}

const NOTES: Record<Durability, string> = {
  relaxed:
    'survives the death of the process; the peer has journal_mode=WAL, synchronous=NORMAL. sql.js alone keeps nothing.',
  strict:
    'survives a power cut (so far as the disk tells the truth about fsync); the peer has journal_mode=WAL, synchronous=FULL',
}

function operationOf(stored: number): string {
  return `learn from one experience, ${stored.toLocaleString('en')} stored`
}

/** Filled without waiting for the disk, then closed, so that the measured commits follow a snapshot with an empty log. */
async function filled(storage: StorageName, durability: Durability, stored: number): Promise<AsyncStore> {
  const store = await openLearningStore({ storage })
  const agent = await store.agent('agent')
  for (let i = 0; i < stored; i += EXPERIENCES.length) await agent.learnMany(EXPERIENCES)
  await store.close()
  return openLearningStore({ storage, durability })
}
