import type { Remote } from 'comlink'
import { inTurn, type SampleExperience } from '../samples.ts'
import type { Contender, Contest } from './contest.ts'
import { EXPERIENCES, type Ours, openOurs, recordBytes } from './ours.ts'
import { openPeer, type WorkerKind } from './peer.ts'
import type { PeerWork } from './peer-worker.ts'

export type ContestName = 'awaited' | 'rested' | 'atOnce' | 'strict' | 'growth'

/** A contest in workers of this kind. @param many how many experiences that is where many are stored. */
type OpenContest = (worker: WorkerKind, many: number) => Promise<Contest>

const awaited: OpenContest = async (worker) => {
  const { memory, relaxed, peer } = await openAll(worker)
  const contenders = {
    memory: onOne((experience) => memory.agent.learn(experience)),
    relaxed: { ...onOne((experience) => relaxed.agent.learn(experience)), settle: relaxed.settle },
    call: onOne((experience) => peer.answer(experience)),
    synchronous: onOne((experience) => peer.learn(experience)),
  }
  return { samples: 250, calls: 1, contenders }
}

/** As programs learn: now and then. What is busy all the time never has to wake up. */
const rested: OpenContest = async (worker) => {
  const { memory, relaxed, peer } = await openAll(worker)
  const contenders = {
    memory: afterRest(onOne((experience) => memory.agent.learn(experience))),
    relaxed: { ...afterRest(onOne((experience) => relaxed.agent.learn(experience))), settle: relaxed.settle },
    call: afterRest(onOne((experience) => peer.answer(experience))),
    synchronous: afterRest(onOne((experience) => peer.learn(experience))),
  }
  return { samples: 25, calls: 1, contenders }
}

const atOnce: OpenContest = async (worker) => {
  const { memory, relaxed, peer } = await openAll(worker)
  const contenders = {
    memory: onAll((experience) => memory.agent.learn(experience)),
    relaxed: { ...onAll((experience) => relaxed.agent.learn(experience)), settle: relaxed.settle },
    call: onAll((experience) => peer.answer(experience)),
    synchronous: onAll((experience) => peer.learn(experience)),
  }
  return { samples: 8, calls: EXPERIENCES.length, contenders }
}

const strict: OpenContest = async (worker) => {
  const [ours, peer] = [await openOurs(worker, 'strict', AT), openPeer(worker)]
  const bytes = await recordBytes(ours)
  await peer.openDatabase(`peer of ${AT}`, bytes)
  const contenders = {
    strict: { ...onOne((experience) => ours.agent.learn(experience)), settle: ours.settle },
    put: { work: () => peer.timePut() },
    callAndPut: onOne((experience) => peer.put(experience)),
  }
  return { samples: 80, calls: 1, contenders }
}

const growth: OpenContest = async (worker, many) => {
  const [few, lots] = [await openOurs(worker, 'strict', AT), await openOurs(worker, 'strict', `${AT}-many`, many)]
  const contenders = {
    few: { ...onOne((experience) => few.agent.learn(experience)), settle: few.settle },
    many: { ...onOne((experience) => lots.agent.learn(experience)), settle: lots.settle },
  }
  return { samples: 80, calls: 1, contenders }
}

export const contests: { readonly [N in ContestName]: OpenContest } = { awaited, rested, atOnce, strict, growth }

/** Other names than those of the contests before, whose stores are left behind. */
const AT = `indexeddb:bench-${crypto.randomUUID()}` as const

const REST_MS = 20

async function openAll(worker: WorkerKind): Promise<{ memory: Ours; relaxed: Ours; peer: Remote<PeerWork> }> {
  const peer = openPeer(worker)
  await peer.openStore(EXPERIENCES)
  return { memory: await openOurs(worker, 'relaxed', 'memory:'), relaxed: await openOurs(worker, 'relaxed', AT), peer }
}

type Learn = (experience: SampleExperience) => Promise<unknown>

function onOne(learn: Learn): Contender {
  const next = inTurn(EXPERIENCES)
  return { work: () => learn(next()) }
}

function onAll(learn: Learn): Contender {
  return { work: () => Promise.all(EXPERIENCES.map(learn)) }
}

function afterRest({ work }: Contender): Contender {
  return {
    work: async () => {
      await new Promise((resolve) => setTimeout(resolve, REST_MS))
      const start = performance.now()
      await work()
      return performance.now() - start
    },
  }
}
