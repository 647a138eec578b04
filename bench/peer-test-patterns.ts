import type { NewTestPattern } from '../src/entry/node.ts'
import type { Peer } from './peers.ts'

const APPEND = `INSERT INTO test_patterns (id, pattern_type, framework, language, code_signature_hash, code_signature,
    test_template, metadata, version, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const INDEX = `INSERT INTO pattern_fts (docid, pattern_id, pattern_name, description, tags, framework, pattern_type)
  VALUES (?, ?, ?, ?, ?, ?, ?)`
const GET = `SELECT id, pattern_type, framework, language, code_signature_hash, code_signature, test_template, metadata,
    version, created_at, updated_at
  FROM test_patterns WHERE id = ?`
const SEARCH = `SELECT pattern_id, matchinfo(pattern_fts, 'pcnalx') FROM pattern_fts WHERE pattern_fts MATCH ?`

/** What a program would write that keeps test patterns by SQL: no checks, no statistics, no pages, no snippets. */
export interface PeerTestPatterns {
  /** In one transaction. */
  storeMany(patterns: readonly NewTestPattern[]): void
  get(id: string): object
  /** The ten best by BM25 with one column for all, as SQLite's `matchinfo` tells it. */
  search(expression: string): object[]
  close(): void
}

export function peerTestPatterns(peer: Peer): PeerTestPatterns {
  const [append, index, get, search] = [APPEND, INDEX, GET, SEARCH].map((sql) => peer.prepare(sql))
  let stored = 0
  const one = (id: string): object => toPattern(get?.all([id])[0] ?? [])
  const store = (pattern: NewTestPattern): void => {
    const { patternType, framework, codeSignature, testTemplate, metadata = {} } = pattern
    const id = `pattern-${stored++}`
    const [signature, template] = [JSON.stringify(codeSignature), JSON.stringify(testTemplate)]
    const now = '2026-01-01 00:00:00'
    append?.run([
      id,
      patternType,
      framework,
      'typescript',
      `${stored}`,
      signature,
      template,
      JSON.stringify(metadata),
      '1.0.0',
      now,
      now,
    ])
    const { name = '', description = '', tags = [] } = metadata
    index?.run([stored, id, name, description, tags.join(' '), framework, patternType])
  }
  return {
    storeMany: (patterns) => peer.transaction(() => patterns.forEach(store)),
    get: one,
    search: (expression) =>
      ((search?.all([expression]) ?? []) as [string, Uint8Array][])
        .map(([id, info]) => ({ id, score: scoreOf(info) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 10)
        .map(({ id, score }) => ({ score, pattern: one(id) })),
    close: () => peer.close(),
  }
}

function scoreOf(info: Uint8Array): number {
  const [phrases = 0, columns = 0, total = 0, ...rest] = new Uint32Array(info.slice().buffer)
  const [averages, lengths, hits] = [rest.slice(0, columns), rest.slice(columns, 2 * columns), rest.slice(2 * columns)]
  let score = 0
  for (let i = 0; i < phrases * columns; i++) {
    const [count = 0, , having = 0] = hits.slice(3 * i, 3 * i + 3)
    if (count === 0) continue
    const norm = 1.2 * (0.25 + (0.75 * (lengths[i % columns] ?? 0)) / (averages[i % columns] || 1))
    score += (Math.log1p((total - having + 0.5) / (having + 0.5)) * count * 2.2) / (count + norm)
  }
  return score
}

function toPattern(columns: unknown[]): object {
  const [id, patternType, framework, language, signatureHash, signature, template, metadata] = columns as string[]
  return {
    id,
    patternType,
    framework,
    language,
    signatureHash,
    version: columns[8],
    createdAt: columns[9],
    codeSignature: JSON.parse(signature ?? '') as unknown,
    testTemplate: JSON.parse(template ?? '') as unknown,
    metadata: JSON.parse(metadata ?? '') as unknown,
    updatedAt: columns[10],
  }
}
