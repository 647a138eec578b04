import { do_not_optimize } from 'mitata'
import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import type { Entrant, Row, Rows } from '../measure.ts'
import { type PeerPatterns, peerPatterns } from '../peer-patterns.ts'
import { bareSqlJs, nativeSqlite } from '../peers.ts'
import { inTurn, list, samplePattern } from '../samples.ts'

const MEMORY = { storage: 'memory', durability: 'none' } as const
const STORED = 10_000
const LIMIT = 100

/** Storing and retrieving execution patterns. */
export function patternRows(): Rows {
  return {
    rows: [
      storing('store 1,000 patterns, one call', 1000, { batch: 1, samples: 12 }),
      storing('store 100 patterns, one call, until a read sees them', 100, { batch: 1, samples: 120 }),
      {
        ...storing('store one pattern', 1, { batch: 16, samples: 400 }),
        note: 'ours checks each pattern and answers its id; the peers insert it unchecked. A transaction each.',
      },
      {
        ...retrieving(`retrieve ${LIMIT} of 10,000 patterns, uncached`, { batch: 1, samples: 200 }, 1),
        note: 'the filter differs from call to call, so that our cache never knows the answer',
      },
      retrieving('10 concurrent queries of 100 patterns, uncached', { batch: 1, samples: 25 }, 10),
      {
        ...cached({ batch: 256, samples: 300 }),
        note: 'the bare column is no database: a Map lookup by the JSON of the filter, and a slice',
      },
    ],
  }
}

type Effort = Pick<Row, 'batch' | 'samples'>

function storing(operation: string, count: number, effort: Effort): Row {
  const patterns = list(Math.max(count, 1000), samplePattern)
  const calls = list(patterns.length / count, (_, i) => patterns.slice(i * count, (i + 1) * count))
  const byPeer = (peer: PeerPatterns): Entrant => {
    const next = inTurn(calls)
    return { run: () => peer.storeMany(next()), close: () => peer.close() }
  }
  const ours = async (): Promise<Entrant> => {
    const store = await openLearningStore({ storage: 'memory:' })
    const [next, nextOne] = [inTurn(calls), inTurn(patterns)]
    const storeMany = (): Promise<number[]> => store.executionPatterns.addMany(next())
    await storeMany()
    const seen = (await store.executionPatterns.list({ limit: count })).length
    if (seen !== count) throw new Error(`Expected a read to see ${count} patterns, got ${seen}`)
    const run = count === 1 ? () => store.executionPatterns.add(nextOne()) : storeMany
    return { run, close: () => store.close() }
  }
  const bare = async (): Promise<Entrant> => byPeer(peerPatterns(await bareSqlJs()))
  return {
    operation,
    ...MEMORY,
    ...effort,
    entrants: { ours, bare, native: () => byPeer(peerPatterns(nativeSqlite())) },
  }
}

function retrieving(operation: string, effort: Effort, concurrent: number): Row {
  const queries = list(concurrent, (_, i) => i)
  const byPeer = (peer: PeerPatterns): Entrant => {
    peer.storeMany(list(STORED, samplePattern))
    const next = differentFilters()
    const run = (): unknown => queries.map(() => expectFull(peer.retrieve(next())))
    return { run, close: () => peer.close() }
  }
  const ours = async (): Promise<Entrant> => {
    const store = await filled()
    const next = differentFilters()
    const retrieve = async (): Promise<object[]> => expectFull(await store.executionPatterns.list(next()))
    const run = (): unknown => (concurrent === 1 ? retrieve() : Promise.all(queries.map(retrieve)))
    const close = async (): Promise<void> => {
      const { hits } = (await store.status()).cache
      if (hits > 0) throw new Error(`Expected every query to miss the cache, got ${hits} hits`)
      await store.close()
    }
    return { run, close }
  }
  const bare = async (): Promise<Entrant> => byPeer(peerPatterns(await bareSqlJs()))
  return {
    operation,
    ...MEMORY,
    ...effort,
    entrants: { ours, bare, native: () => byPeer(peerPatterns(nativeSqlite())) },
  }
}

function cached(effort: Effort): Row {
  const filters = { minConfidence: 0, limit: LIMIT }
  const ours = async (): Promise<Entrant> => {
    const store = await filled()
    await store.executionPatterns.list(filters)
    return { run: () => store.executionPatterns.list(filters), close: () => store.close() }
  }
  const bare = (): Entrant => {
    const answers = new Map([[JSON.stringify(filters), list(LIMIT, samplePattern)]])
    return { run: () => do_not_optimize(answers.get(JSON.stringify(filters))?.slice()) }
  }
  return { operation: `retrieve ${LIMIT} patterns, cached`, ...MEMORY, ...effort, entrants: { ours, bare } }
}

async function filled(): Promise<AsyncStore> {
  const store = await openLearningStore({ storage: 'memory:' })
  await store.executionPatterns.addMany(list(STORED, samplePattern))
  return store
}

/** Filters that all have the same answer, none equal to another. */
function differentFilters(): () => { readonly minConfidence: number; readonly limit: number } {
  let asked = 0
  return () => ({ minConfidence: ++asked * 1e-9, limit: LIMIT })
}

function expectFull(rows: object[]): object[] {
  if (rows.length !== LIMIT) throw new Error(`Expected ${LIMIT} patterns, got ${rows.length}`)
  return rows
}
