import { type RecordedCommit, type RecordedValue, RecordWriter } from '../../src/persistence/log/record.ts'
import type {
  Durability,
  OpenOptions,
  Snapshot,
  SnapshotVerdict,
  StorageAdapter,
  StoredState,
} from '../../src/persistence/storage.ts'

/** The first bytes of every snapshot of the model, as a format of its own would have them. */
const FORMAT = '{"format":'
const OURS = `${FORMAT}"model"`
const encoder = new TextEncoder()

/**
 * The smallest store there is: a list to which every statement of a commit adds one item. Two lists are equal only if the
 * same statements ran in the same order.
 */
export class Model {
  readonly items: string[] = []
  sequence: number = 0

  static from({ snapshot, sequence, commits }: StoredState): Model {
    const model = new Model()
    if (snapshot) {
      const content = JSON.parse(new TextDecoder().decode(snapshot)) as { sequence: number; items: string[] }
      model.items.push(...content.items)
      model.sequence = sequence ?? content.sequence
    }
    for (const commit of commits) model.apply(commit)
    return model
  }

  apply({ sequence, statements }: RecordedCommit): void {
    if (sequence !== this.sequence + 1) throw new Error(`Expected commit ${this.sequence + 1}, got ${sequence}`)
    this.sequence = sequence
    for (const { sql, values } of statements) this.items.push(`${sql} ${values.map(shown).join()}`)
  }

  toSnapshot(edits: number = 0): Snapshot {
    const rest = { edits, sequence: this.sequence, items: this.items }
    const bytes = encoder.encode(`${OURS},${JSON.stringify(rest).slice(1)}`)
    return { bytes, sequence: this.sequence, storeId: 'model' }
  }
}

/** As for SQLite: the first bytes count the edits, so an edit moved the count on and damage did not. */
export function classify(found: Uint8Array, writtenHeader: Uint8Array | undefined): SnapshotVerdict {
  const text = new TextDecoder().decode(found)
  if (!text.startsWith(OURS)) return writtenHeader && !text.startsWith(FORMAT) ? 'damaged' : 'foreign'
  if (writtenHeader && editsOf(new TextDecoder().decode(writtenHeader)) === editsOf(text)) return 'damaged'
  try {
    JSON.parse(text)
    return 'edited'
  } catch {
    return 'damaged'
  }
}

function editsOf(text: string): string | undefined {
  return /"edits":(\d+)/.exec(text)?.[1]
}

/** A storage that was opened, and the model that it persists: what a persister and a store do, in few lines. */
export class Session {
  readonly storage: StorageAdapter
  readonly stored: StoredState
  readonly model: Model
  #writer = new RecordWriter()
  #unstored: { readonly records: readonly Uint8Array[]; readonly commits: readonly RecordedCommit[] } | undefined

  private constructor(storage: StorageAdapter, stored: StoredState) {
    this.storage = storage
    this.stored = stored
    this.model = Model.from(stored)
  }

  static async open(storage: StorageAdapter, options: Partial<OpenOptions> = {}): Promise<Session> {
    return new Session(storage, await storage.open({ lockTimeoutMs: 0, classify, ...options }))
  }

  get items(): readonly string[] {
    return this.model.items
  }

  /** Appends one commit a value, in one write. The model has them once they are durable. */
  async append(values: readonly RecordedValue[], durability: Durability = 'relaxed'): Promise<void> {
    this.encode(values)
    await this.retry(durability)
  }

  /** The records of one commit a value, which `retry` appends. */
  encode(values: readonly RecordedValue[]): readonly Uint8Array[] {
    const first = this.model.sequence + 1
    const commits = values.map((value, i) => commitOf(first + i, value))
    const records = commits.map((commit) => this.#writer.encode(commit, first))
    this.#unstored = { commits, records }
    return records
  }

  /** Appends again what the append before could not keep. */
  async retry(durability: Durability = 'relaxed'): Promise<void> {
    if (!this.#unstored) throw new Error('Everything is stored')
    const { records, commits } = this.#unstored
    await this.storage.append(records, durability)
    this.#unstored = undefined
    for (const commit of commits) this.model.apply(commit)
  }

  async replace(): Promise<void> {
    this.#writer = new RecordWriter()
    await this.storage.replace(this.model.toSnapshot())
  }

  /** Begins a snapshot of what there is now. Returns what passes it on, perhaps later than appends that follow it. */
  beginReplace(): () => Promise<void> {
    this.#writer = new RecordWriter()
    const snapshot = this.model.toSnapshot()
    return () => this.storage.replace(snapshot)
  }

  async close(): Promise<void> {
    await this.storage.close()
  }
}

/** Some commits have two statements, and statements come again, so that their texts are named once and used often. */
function commitOf(sequence: number, value: RecordedValue): RecordedCommit {
  const statements = [{ sql: 'ADD', values: [value] }]
  if (sequence % 2 === 0) statements.push({ sql: `NOTE ${sequence % 3}`, values: [value, sequence] })
  return { sequence, statements }
}

function shown(value: RecordedValue): string {
  return value instanceof Uint8Array ? `bytes ${value.join(' ')}` : String(value)
}
