import type { Guard } from '../../algorithms/access.ts'
import { textOfJson } from '../../algorithms/search/json-text.ts'
import { countWords } from '../../algorithms/search/text-query.ts'
import type { TextMatch } from '../../algorithms/search/text-ranking.ts'
import { VectorIndex } from '../../algorithms/search/vectors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { Connection } from '../../sql/connection.ts'
import { type EntryJson, MemorySearchTable, MemoryTextTable, type SearchRow } from '../../tables/memory-search.ts'
import type { Core } from '../core/core.ts'
import { IncrementalIndex } from '../incremental-index.ts'
import { type MemoryAddress, toGuard } from './entry.ts'

/** What the index knows of an entry. */
export interface IndexedEntry extends Required<MemoryAddress>, Guard, Pick<SearchRow, 'embedder' | 'expiresAt'> {
  /** Unique; its order is that of creation, then of the address. */
  readonly rank: string
  /** The dimensions of its vectors. */
  readonly dimension: number | undefined
}

/** The full text of an entry. */
export interface IndexedText {
  /** In words, by column. */
  readonly lengths: readonly number[]
  readonly key: string
}

/** Fewer replaced documents are not worth rebuilding the full text. */
const FEW_REPLACED = 1_000

/** The index of the shared memory of a store. It is in memory, and built by the first search. */
export class MemoryIndexes {
  readonly #index: IncrementalIndex<MemoryIndex>
  #text: MemoryTextTable | undefined

  constructor(core: Core) {
    const { connection } = core
    const table = new MemorySearchTable(connection)
    this.#index = new IncrementalIndex(core, {
      build: () => new MemoryIndex(table, () => this.#emptyText(connection)),
      refresh: (index, id) => index.refresh(id),
    })
  }

  /** Reports that an entry or its access rules were added, changed or deleted. */
  changed({ key, partition }: Required<MemoryAddress>): void {
    this.#index.changed(idOf(key, partition))
  }

  /** The up-to-date index. Use it at once: the next operation may change it. */
  current(): MemoryIndex {
    return this.#index.current()
  }

  #emptyText(connection: Connection): MemoryTextTable {
    if (this.#text) this.#text.clear()
    else this.#text = new MemoryTextTable(connection)
    return this.#text
  }
}

/** Entries by rank, their vectors by embedder, and their full text from the first search by words on. */
export class MemoryIndex {
  readonly #table: MemorySearchTable
  readonly #emptyText: () => MemoryTextTable
  readonly #ranks = new Map<string, string>()
  readonly #entries = new Map<string, IndexedEntry>()
  readonly #vectors = new Map<string, VectorIndex>()
  #text: FullText | undefined

  constructor(table: MemorySearchTable, emptyText: () => MemoryTextTable) {
    this.#table = table
    this.#emptyText = emptyText
    for (const row of table.all()) this.#add(row)
  }

  /** All entries, expired or not. */
  entries(): IterableIterator<IndexedEntry> {
    return this.#entries.values()
  }

  get(rank: string): IndexedEntry | undefined {
    return this.#entries.get(rank)
  }

  /** The vectors of an embedder by rank. */
  vectorsOf(embedder: string): VectorIndex {
    return this.#vectors.get(embedder) ?? new VectorIndex()
  }

  /** The full text of all entries. */
  text(): FullText {
    if (this.#text === undefined || this.#text.isWasteful) {
      this.#text = new FullText(this.#emptyText(), this.#table.texts(), (key, partition) =>
        this.#rankOf(key, partition),
      )
    }
    return this.#text
  }

  /** Reads one entry again. @param id from `idOf`. */
  refresh(id: string): void {
    const known = this.#ranks.get(id)
    if (known !== undefined) this.#remove(id, known)
    const [key = '', partition = ''] = JSON.parse(id) as string[]
    const row = this.#table.get(key, partition)
    if (!row) return
    const rank = this.#add(row)
    const text = this.#text && this.#table.text(key, partition)
    if (text) this.#text?.set(rank, text)
  }

  #rankOf(key: string, partition: string): string {
    return this.#ranks.get(idOf(key, partition)) ?? ''
  }

  #add(row: SearchRow): string {
    const { key, partition, createdAt, expiresAt, embedder, vectors } = row
    const id = idOf(key, partition)
    const rank = `${String(createdAt).padStart(16, '0')}${id}`
    this.#ranks.set(id, rank)
    const dimension = vectors[0]?.length
    this.#entries.set(rank, { ...toGuard(row), key, partition, rank, expiresAt, embedder, dimension })
    if (embedder !== null && vectors.length > 0) {
      const index = this.#vectors.get(embedder) ?? new VectorIndex()
      this.#vectors.set(embedder, index)
      index.set(rank, ...vectors)
    }
    return rank
  }

  #remove(id: string, rank: string): void {
    const embedder = this.#entries.get(rank)?.embedder ?? null
    if (embedder !== null) this.#vectors.get(embedder)?.remove(rank)
    this.#text?.remove(rank)
    this.#ranks.delete(id)
    this.#entries.delete(rank)
  }
}

/** The full text of entries. Replaced documents stay in its table, and are ignored. */
class FullText {
  readonly #table: MemoryTextTable
  readonly #docids = new Map<string, number>()
  readonly #documents = new Map<number, IndexedText>()

  constructor(table: MemoryTextTable, texts: readonly EntryJson[], rankOf: (key: string, partition: string) => string) {
    this.#table = table
    table.adding(() => {
      for (const text of texts) this.set(rankOf(text[0], text[1]), text)
    })
  }

  /** Whether most documents were replaced. */
  get isWasteful(): boolean {
    return this.#table.size > 2 * this.#documents.size + FEW_REPLACED
  }

  /** The text of an entry, which has a document in the table. */
  get(docid: number): IndexedText | undefined {
    return this.#documents.get(docid)
  }

  documents(): IterableIterator<[docid: number, text: IndexedText]> {
    return this.#documents.entries()
  }

  matches(expression: string): TextMatch[] {
    return this.#table.matches(expression)
  }

  set(rank: string, [key, , value, metadata]: EntryJson): void {
    // SQLite's tokenizer stops at NUL.
    const texts = [key, textOf(value), textOf(metadata)].map((text) => text.replaceAll('\0', ' '))
    const docid = this.#table.add(texts)
    this.remove(rank)
    this.#docids.set(rank, docid)
    this.#documents.set(docid, { key: rank, lengths: texts.map(countWords) })
  }

  remove(rank: string): void {
    const docid = this.#docids.get(rank)
    if (docid === undefined) return
    this.#docids.delete(rank)
    this.#documents.delete(docid)
  }
}

/** Imported text need not be JSON. */
function textOf(json: string | null): string {
  if (json === null) return ''
  try {
    return textOfJson(JSON.parse(json) as JsonValue)
  } catch {
    return json
  }
}

function idOf(key: string, partition: string): string {
  return JSON.stringify([key, partition])
}
