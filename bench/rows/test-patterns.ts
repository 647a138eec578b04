import { type AsyncStore, openLearningStore } from '../../src/index.ts'
import type { Entrant, Row, Rows } from '../measure.ts'
import { type PeerTestPatterns, peerTestPatterns } from '../peer-test-patterns.ts'
import { bareSqlJs, nativeSqlite } from '../peers.ts'
import { inTurn, list } from '../samples.ts'
import { sampleSearches, sampleTestPattern } from '../samples-of-tests.ts'

const STORED = 10_000
const MEMORY = { place: 'memory', durability: 'none', batch: 1, samples: 300 } as const
const DIMENSION = 384

interface Work {
  readonly p95Ms: number
  readonly note?: string
  readonly ours: (store: AsyncStore, ids: readonly string[]) => () => unknown
  readonly peer?: (peer: PeerTestPatterns) => () => unknown
}

/** The pattern bank with 10,000 patterns in it. What is in memory is there before the first call that counts. */
export function testPatternRows(): Rows {
  return {
    rows: [
      row('look up one of 10,000 test patterns', {
        p95Ms: 5,
        ours: ({ testPatterns }, ids) => {
          const next = inTurn(ids)
          return () => testPatterns.get(next())
        },
        peer: ({ get }) => {
          const next = inTurn(list(STORED, (_, i) => `pattern-${i}`))
          return () => get(next())
        },
      }),
      row('store one test pattern, 10,000 stored', {
        p95Ms: 5,
        note: 'ours checks the pattern, hashes its signature, looks for it, and keeps statistics; the peers insert a row and its text',
        ours: ({ testPatterns }) => {
          const next = fromTo(STORED)
          return () => testPatterns.store(next())
        },
        peer: ({ storeMany }) => {
          const next = fromTo(STORED)
          return () => storeMany([next()])
        },
      }),
      row('search 10,000 test patterns for words, beginnings and phrases', {
        p95Ms: 5,
        note: 'ten hits; ours has snippets, the peers have not, and rank by what `matchinfo` alone tells',
        ours: ({ testPatterns }) => searching(sampleSearches, (text) => testPatterns.search(text)),
        peer: ({ search }) => searching(sampleSearches.map(expressionOf), search),
      }),
      row('search for a word that is in all 10,000', {
        p95Ms: 5,
        ours: ({ testPatterns }) => searching(['test'], (text) => testPatterns.search(text)),
        peer: ({ search }) => searching(['"test"'], search),
      }),
      row('find the 10 most similar of 10,000 test patterns', {
        p95Ms: 25,
        ours: ({ testPatterns }, ids) => {
          const next = inTurn(ids)
          return () => testPatterns.findSimilar(next())
        },
      }),
      row('store one, then find what is most similar to it', {
        p95Ms: 25,
        note: 'all weights change with every pattern that is stored',
        ours: ({ testPatterns }) => {
          const next = fromTo(STORED)
          return async () => testPatterns.findSimilar((await testPatterns.store(next())).id)
        },
      }),
      row(`find the 10 nearest of 10,000 vectors of dimension ${DIMENSION}`, {
        p95Ms: 25,
        ours: ({ testPatterns }) => {
          const next = inTurn(list(100, (_, i) => vector(i + 0.5)))
          return () => testPatterns.nearest(next(), { embedder: 'sample' })
        },
      }),
    ],
  }
}

function row(operation: string, { ours, peer, ...rest }: Work): Row {
  const byUs = async (): Promise<Entrant> => {
    const store = await openLearningStore({ place: 'memory:' })
    const stored = await store.testPatterns.storeMany(list(STORED, sampleTestPattern))
    const ids = stored.map(({ id }) => id)
    if (operation.includes('vectors')) {
      for (const [i, id] of ids.entries())
        await store.testPatterns.setEmbedding(id, { embedder: 'sample', vector: vector(i) })
    }
    return { run: ours(store, ids), close: () => store.close() }
  }
  const byPeer = (one: PeerTestPatterns, work: (one: PeerTestPatterns) => () => unknown): Entrant => {
    one.storeMany(list(STORED, sampleTestPattern))
    return { run: work(one), close: () => one.close() }
  }
  const peers = peer && {
    bare: async () => byPeer(peerTestPatterns(await bareSqlJs()), peer),
    native: () => byPeer(peerTestPatterns(nativeSqlite()), peer),
  }
  return { operation, ...MEMORY, ...rest, entrants: { ours: byUs, ...peers } }
}

/** Patterns that were not stored yet. */
function fromTo(first: number): () => ReturnType<typeof sampleTestPattern> {
  let i = first
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
