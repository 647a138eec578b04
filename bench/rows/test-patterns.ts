import { type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import type { Entrant, Row, Rows } from '../measure.ts'
import { type PeerTestPatterns, peerTestPatterns } from '../peer-test-patterns.ts'
import { bareSqlJs, nativeSqlite, type Peer } from '../peers.ts'
import { inTurn, list } from '../samples.ts'
import { sampleSearches, sampleTestPattern } from '../samples-of-tests.ts'

const STORED = 10_000
const MEMORY = { storage: 'memory', durability: 'none', batch: 1, samples: 300 } as const
const DIMENSION = 384

/** A bank with 10,000 patterns in it. */
interface Bank {
  readonly store: AsyncStore
  readonly ids: readonly string[]
}

interface Work {
  readonly p95Ms: number
  readonly note?: string
  readonly ours: (bank: Bank) => () => unknown
  readonly peer?: (peer: PeerTestPatterns) => () => unknown
}

/** The pattern bank with 10,000 patterns in it. What is in memory is there before the first call that counts. */
export async function testPatternRows(): Promise<Rows> {
  // What only reads shares these; what stores fills its own, so that all begin with as many.
  const [bank, bare, native] = [await filled(), await filledPeer(bareSqlJs), await filledPeer(nativeSqlite)]
  for (const [i, id] of bank.ids.entries()) {
    await bank.store.testPatterns.setEmbedding(id, { embedder: 'sample', vector: vector(i) })
  }

  const reading = (operation: string, { ours, peer, ...rest }: Work): Row => ({
    operation,
    ...MEMORY,
    ...rest,
    entrants: {
      ours: () => ({ run: ours(bank) }),
      ...(peer && { bare: () => ({ run: peer(bare) }), native: () => ({ run: peer(native) }) }),
    },
  })
  const rows = [
    reading('look up one of 10,000 test patterns', {
      p95Ms: 5,
      ours: ({ store: { testPatterns }, ids }) => {
        const next = inTurn(ids)
        return () => testPatterns.get(next())
      },
      peer: ({ get }) => {
        const next = inTurn(list(STORED, (_, i) => `pattern-${i}`))
        return () => get(next())
      },
    }),
    storing('store one test pattern, 10,000 stored', {
      p95Ms: 5,
      note: 'ours checks the pattern, hashes its signature, looks for it, and keeps statistics; the peers insert a row and its text',
      ours: ({ store: { testPatterns } }) => {
        const next = unstored()
        return () => testPatterns.upsert(next())
      },
      peer: ({ storeMany }) => {
        const next = unstored()
        return () => storeMany([next()])
      },
    }),
    reading('search 10,000 test patterns for words, beginnings and phrases', {
      p95Ms: 5,
      note: 'ten hits; ours have snippets; the peers have none, and rank by `matchinfo` alone',
      ours: ({ store: { testPatterns } }) => searching(sampleSearches, (text) => testPatterns.search(text)),
      peer: ({ search }) => searching(sampleSearches.map(expressionOf), search),
    }),
    reading('search for a word that is in all 10,000', {
      p95Ms: 5,
      ours: ({ store: { testPatterns } }) => searching(['test'], (text) => testPatterns.search(text)),
      peer: ({ search }) => searching(['"test"'], search),
    }),
    reading('find the 10 most similar of 10,000 test patterns', {
      p95Ms: 25,
      ours: ({ store: { testPatterns }, ids }) => {
        const next = inTurn(ids)
        return () => testPatterns.findSimilar(next())
      },
    }),
    storing('store one, then find what is most similar to it', {
      p95Ms: 25,
      note: 'all weights change with every pattern that is stored',
      ours: ({ store: { testPatterns } }) => {
        const next = unstored()
        return async () => testPatterns.findSimilar((await testPatterns.upsert(next())).id)
      },
    }),
    reading(`find the 10 nearest of 10,000 vectors of dimension ${DIMENSION}`, {
      p95Ms: 25,
      ours: ({ store: { testPatterns } }) => {
        const next = inTurn(list(100, (_, i) => vector(i + 0.5)))
        return () => testPatterns.findNearest(next(), { embedder: 'sample' })
      },
    }),
  ]
  const close = async (): Promise<void> => {
    bare.close()
    native.close()
    await bank.store.close()
  }
  return { rows, close }
}

function storing(operation: string, { ours, peer, ...rest }: Work): Row {
  const byUs = async (): Promise<Entrant> => {
    const bank = await filled()
    return { run: ours(bank), close: () => bank.store.close() }
  }
  const by =
    (open: () => Peer | Promise<Peer>, work: (one: PeerTestPatterns) => () => unknown) =>
    async (): Promise<Entrant> => {
      const one = await filledPeer(open)
      return { run: work(one), close: () => one.close() }
    }
  const peers = peer && { bare: by(bareSqlJs, peer), native: by(nativeSqlite, peer) }
  return { operation, ...MEMORY, ...rest, entrants: { ours: byUs, ...peers } }
}

async function filled(): Promise<Bank> {
  const store = await openLearningStore({ storage: 'memory:' })
  const stored = await store.testPatterns.upsertMany(list(STORED, sampleTestPattern))
  return { store, ids: stored.map(({ id }) => id) }
}

async function filledPeer(open: () => Peer | Promise<Peer>): Promise<PeerTestPatterns> {
  const peer = peerTestPatterns(await open())
  peer.storeMany(list(STORED, sampleTestPattern))
  return peer
}

/** Patterns that were not stored yet, in turn. */
function unstored(): () => ReturnType<typeof sampleTestPattern> {
  let i = STORED
  return () => sampleTestPattern(undefined, i++)
}

/** @throws where a search finds nothing: then there was nothing to do. */
function searching(
  texts: readonly string[],
  search: (text: string) => object[] | Promise<object[]>,
): () => Promise<object[]> {
  const next = inTurn(texts)
  return async () => {
    const text = next()
    const found = await search(text)
    if (found.length === 0) throw new Error(`Expected hits for ${text}, got none`)
    return found
  }
}

function expressionOf(text: string): string {
  return text.startsWith('"')
    ? text
    : text
        .split(' ')
        .map((word) => `"${word}"`)
        .join(' ')
}

function vector(i: number): Float32Array {
  return Float32Array.from({ length: DIMENSION }, (_, at) => Math.sin((i + 1) * (at + 1)))
}
