import { type AsyncAgent, type AsyncStore, openLearningStore, type StorageName } from '../../src/entry/browser.ts'
import { list, type SampleExperience, sampleExperience } from '../samples.ts'
import type { WorkerKind } from './peer.ts'

export const EXPERIENCES: readonly SampleExperience[] = list(1000, sampleExperience)

/** Snapshots that wait for the store to be idle would come in the turns of others. */
const persistence = { snapshotAfterIdleMs: 600_000 }

/** A store of ours in a worker, and an agent that has learned. */
export interface Ours {
  readonly store: AsyncStore
  readonly agent: AsyncAgent
  /** Resolves when everything is kept and no snapshot is being written. */
  settle(): Promise<void>
}

/** @param stored how many experiences are in it. */
export async function openOurs(
  worker: WorkerKind,
  durability: 'relaxed' | 'strict',
  storage: StorageName,
  stored: number = EXPERIENCES.length,
): Promise<Ours> {
  const filled = await openLearningStore({ storage, worker, persistence })
  const filling = await filled.agent('agent')
  for (let i = 0; i < stored; i += EXPERIENCES.length) await filling.learnMany(EXPERIENCES)
  const open = async (): Promise<AsyncStore> => {
    if (storage === 'memory:') return filled
    // Closed and opened again, so that the measured commits follow a snapshot with an empty log.
    await filled.close()
    return openLearningStore({ storage, worker, durability, persistence })
  }
  const store = await open()
  const { host, counts } = await store.status()
  if (host !== `${worker}-worker` || counts.experiences !== stored) {
    throw new Error(`Expected ${stored} experiences in a ${worker} worker, got ${counts.experiences} in ${host}`)
  }
  const settle = async (): Promise<void> => {
    await store.flush()
    while ((await store.status()).state !== 'clean') await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { store, agent: await store.agent('agent'), settle }
}

/** The mean size of the record that keeps one `learn`, in bytes. */
export async function recordBytes({ store, agent }: Ours): Promise<number> {
  // The first record of a log names the statements.
  for (const experience of EXPERIENCES.slice(0, 10)) await agent.learn(experience)
  const before = (await store.status()).logBytes
  for (const experience of EXPERIENCES.slice(0, 100)) await agent.learn(experience)
  return Math.round(((await store.status()).logBytes - before) / 100)
}
