import { inTurn } from '../samples.ts'
import type { Contender, Contest } from './contest.ts'
import { EXPERIENCES, openOurs, recordBytes } from './ours.ts'
import { openPeer, type WorkerKind } from './peer.ts'

export type ContestName = 'awaited' | 'atOnce' | 'strict' | 'growth'

/** A contest in workers of this kind. @param many how many experiences that is where many are stored. */
type OpenContest = (worker: WorkerKind, many: number) => Promise<Contest>

const awaited: OpenContest = async (worker) => {
  const [memory, relaxed] = [await openOurs(worker, 'relaxed', 'memory:'), await openOurs(worker, 'relaxed', AT)]
  const peer = openPeer(worker)
  const contenders = {
    memory: onOne((experience) => memory.agent.learn(experience)),
    relaxed: { ...onOne((experience) => relaxed.agent.learn(experience)), settle: relaxed.settle },
    call: onOne((experience) => peer.answer(experience)),
  }
  return { samples: 250, calls: 1, contenders }
}

const atOnce: OpenContest = async (worker) => {
  const [memory, relaxed] = [await openOurs(worker, 'relaxed', 'memory:'), await openOurs(worker, 'relaxed', AT)]
  const peer = openPeer(worker)
  const contenders = {
    memory: { work: () => Promise.all(EXPERIENCES.map((experience) => memory.agent.learn(experience))) },
    relaxed: {
      work: () => Promise.all(EXPERIENCES.map((experience) => relaxed.agent.learn(experience))),
      settle: relaxed.settle,
    },
    call: { work: () => Promise.all(EXPERIENCES.map((experience) => peer.answer(experience))) },
  }
  return { samples: 8, calls: EXPERIENCES.length, contenders }
}

const strict: OpenContest = async (worker) => {
  const [ours, peer] = [await openOurs(worker, 'strict', AT), openPeer(worker)]
  const bytes = await recordBytes(ours)
  await peer.open(`peer of ${AT}`, bytes)
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

export const contests: { readonly [N in ContestName]: OpenContest } = { awaited, atOnce, strict, growth }

/** A page opens one contest, and each has an origin's storage to itself but for the names that others took. */
const AT = `indexeddb:bench-${crypto.randomUUID()}`

function onOne(work: (experience: (typeof EXPERIENCES)[number]) => Promise<unknown>): Contender {
  const next = inTurn(EXPERIENCES)
  return { work: () => work(next()) }
}
