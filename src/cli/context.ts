import { dirname, resolve } from 'node:path'
import type { AsyncAgent, AsyncStore } from '../client/async-store.ts'
import type { JobOptions } from '../client/jobs.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Progress } from '../learning/progress.ts'
import { encryptedStorage } from '../persistence/encryption/encrypted-storage.ts'
import { exists } from '../persistence/file/durable-files.ts'
import { coreDefaults } from '../runtime/defaults.ts'
import type { DebugLog } from '../runtime/node/debug-log.ts'
import { type NodeStoreOptions, openLearningStore } from '../runtime/node/open.ts'
import { nodeStorage } from '../runtime/node/storage.ts'
import { Failure } from './failure.ts'
import {
  checkOutsideStore,
  checkStoreExists,
  copyBeside,
  pathOf,
  readInput,
  storeExists,
  writeOutput,
} from './files.ts'
import { abortOnInterrupt, type Bar, NO_BAR, type Terminal } from './terminal.ts'

/** The values of the options, by their names in camel case. */
export interface OptionValues {
  readonly [name: string]: unknown
}

/** An agent that `--agent` selects. */
export interface SelectedAgent {
  readonly agent: AsyncAgent
  readonly status: AgentStatus
}

/** A command line, with the store it names and the terminal. */
export class Context {
  readonly options: OptionValues
  readonly args: readonly string[]
  readonly storage: string
  readonly terminal: Terminal
  /** Writes what the command does, with LEARNING_STORE_LOG=debug. */
  readonly log: DebugLog | undefined
  readonly #isReading: boolean
  #store: AsyncStore | undefined
  readonly #confirmedFolders = new Set<string>()

  /** @param isReading whether the command opens the store for reading only */
  constructor(
    options: OptionValues,
    args: readonly string[],
    storage: string,
    terminal: Terminal,
    isReading: boolean = false,
    log?: DebugLog,
  ) {
    this.options = options
    this.args = args
    this.storage = storage
    this.terminal = terminal
    this.log = log
    this.#isReading = isReading
  }

  get json(): boolean {
    return this.options.json === true
  }

  /** The file of the store. @throws USAGE */
  get path(): string {
    return pathOf(this.storage)
  }

  text(name: string): string | undefined {
    return this.options[name] as string | undefined
  }

  count(name: string): number | undefined {
    return this.options[name] as number | undefined
  }

  has(name: string): boolean {
    return this.options[name] === true
  }

  /** Whether an option `--no-NAME` is given. */
  isWithout(name: string): boolean {
    return this.options[name] === false
  }

  /** Opens any store, and writes to the log what is done with it. The caller closes it. */
  async open(given: NodeStoreOptions): Promise<AsyncStore> {
    const { log } = this
    const options = await this.#withKey(given)
    if (!log) return openLearningStore(options)
    const store = await openLearningStore({ ...options, onOperation: log.onOperation })
    const { storage, sequence, databaseBytes } = await store.status()
    log.write('opened', { storage, sequence, databaseBytes })
    return store
  }

  /** The key of encrypted stores: the first line of the file in `--key-file`, or LEARNING_STORE_KEY. @throws USAGE, NOT_FOUND */
  async #keyOfStores(): Promise<string | undefined> {
    const file = this.text('keyFile')
    if (file === undefined) return this.terminal.env.LEARNING_STORE_KEY || undefined
    const [key = ''] = new TextDecoder().decode(await readInput(file)).split(/\r?\n/)
    if (key === '') throw new Failure('USAGE', `Expected a passphrase in the first line of ${resolve(file)}`)
    return key
  }

  /** Whether a key is given, so that the store is encrypted. */
  async hasKey(): Promise<boolean> {
    return (await this.#keyOfStores()) !== undefined
  }

  async #withKey(options: NodeStoreOptions): Promise<NodeStoreOptions> {
    const { storage } = options
    if (typeof storage !== 'string' || !storage.startsWith('file:')) return options
    const key = await this.#keyOfStores()
    return key === undefined ? options : { ...options, storage: encryptedStorage(nodeStorage(storage), key) }
  }

  /**
   * The store, opened by the first call.
   * @param ifMissing `create` creates a store that does not exist, `empty` stands in an empty one in memory
   * @throws NO_STORE if the store does not exist and `ifMissing` is not given
   */
  async store(ifMissing?: 'create' | 'empty'): Promise<AsyncStore> {
    if (this.#store) return this.#store
    if (ifMissing === 'empty' && !(await storeExists(this.path))) {
      this.#store = await this.open({ storage: 'memory:' })
      return this.#store
    }
    if (ifMissing === undefined) await checkStoreExists(this.path)
    if (this.#isReading) {
      this.#store = await this.open({ storage: `file:${this.path}`, readOnly: true })
      return this.#store
    }
    const lockTimeoutMs = this.count('wait')
    this.#store = await this.open({
      storage: `file:${this.path}`,
      durability: 'strict',
      ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
    })
    return this.#store
  }

  /** The store. If it does not exist it is created, after `trial` succeeded with an empty store in memory. */
  async storeOrNew(trial: (empty: AsyncStore) => Promise<unknown>): Promise<AsyncStore> {
    if (!(await storeExists(this.path))) {
      await using empty = await this.open({ storage: 'memory:' })
      await trial(empty)
    }
    return this.store('create')
  }

  async close(): Promise<void> {
    const store = this.#store
    this.#store = undefined
    await store?.close()
  }

  /** The agents that `--agent` selects: the one with this id, or else all of this type. Without `--agent`, all agents. @throws NOT_FOUND */
  async agents(): Promise<SelectedAgent[]> {
    const store = await this.store()
    const wanted = this.text('agent')
    const ids = (await store.agents.list()).map(({ id }) => id)
    const chosen = await Promise.all(
      (wanted !== undefined && ids.includes(wanted) ? [wanted] : ids).map(async (id) => {
        const agent = await store.agent(id)
        return { agent, status: await agent.status() }
      }),
    )
    if (wanted === undefined || ids.includes(wanted)) return chosen
    const ofType = chosen.filter(({ status }) => status.type === wanted)
    if (ofType.length > 0) return ofType
    const known =
      ids.length === 0 ? 'The store has no agents yet.' : `Agents: ${listed(ids)}. Types: ${listed(typesOf(chosen))}.`
    throw new Failure('NOT_FOUND', `No agent and no type of agents is named "${wanted}". ${known}`)
  }

  /** Returns if `--confirm` was given or the user confirms. @throws NOT_CONFIRMED */
  async confirm(warning: string): Promise<void> {
    if (this.has('confirm')) return
    if (!this.terminal.isInteractive || this.json)
      throw new Failure('NOT_CONFIRMED', `${warning} Add --confirm to proceed.`)
    if (!(await this.terminal.confirm(`${warning} Proceed?`)))
      throw new Failure('NOT_CONFIRMED', 'Canceled. Nothing was changed.')
  }

  /**
   * Returns if an output may be written: it is no file of the store, and its folder exists or may be created.
   * @throws USAGE, NOT_CONFIRMED
   */
  async checkOutput(output: string): Promise<void> {
    await checkOutsideStore(this.path, output)
    const folder = dirname(resolve(output))
    if (this.has('mkdir') || this.#confirmedFolders.has(folder) || (await exists(folder))) return
    const finding = `The folder ${folder} does not exist.`
    if (!this.terminal.isInteractive || this.json)
      throw new Failure('NOT_CONFIRMED', `${finding} Add --mkdir to create it.`)
    if (!(await this.terminal.confirm(`${finding} Create it?`)))
      throw new Failure('NOT_CONFIRMED', 'Canceled. Nothing was written.')
    this.#confirmedFolders.add(folder)
  }

  /** Writes an output file that `checkOutput` has passed. @throws NOT_CONFIRMED if it exists, without `--force` */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    await writeOutput(path, content, this.has('force'))
  }

  /** Copies the whole store to a file beside it, before a destructive operation. @returns the name of the copy */
  async backUp(): Promise<string> {
    await this.store()
    // A closed store is a single file.
    await this.close()
    return copyBeside(this.path, this.timestamp())
  }

  /** ms since the epoch. */
  now(): number {
    return coreDefaults({ seed: 0 }).now()
  }

  /** The time, for names of files. */
  timestamp(): string {
    return new Date(this.now()).toISOString().slice(0, 19).replaceAll(':', '-')
  }

  /** Options that show the progress of a job and stop it at an interrupt. `hide` removes the progress bar until the next step. */
  follow(): { readonly options: JobOptions; hide(): void; end(): void } {
    let bar: Bar | undefined
    let step: string | undefined
    const interrupt = abortOnInterrupt()
    const hide = (): void => {
      bar?.stop()
      bar = undefined
      step = undefined
    }
    const onProgress = ({ what, done, total }: Progress): void => {
      if (step !== what) {
        hide()
        bar = this.progress(what, total)
        step = what
      }
      bar?.update(done)
    }
    const end = (): void => {
      hide()
      interrupt.end()
    }
    return { options: { onProgress, signal: interrupt.signal }, hide, end }
  }

  /** The content of another store, including its log. @throws LOCKED if it is open */
  async contentOfOther(path: string): Promise<Uint8Array> {
    await using other = await this.open({ storage: `file:${path}`, readOnly: true })
    return await other.snapshot()
  }

  /** Prints a partial result at once; with `--json` everything comes at the end. */
  print(text: string): void {
    if (!this.json) this.terminal.print(text)
  }

  progress(what: string, total: number | undefined): Bar {
    return this.json ? NO_BAR : this.terminal.progress(what, total)
  }
}

/** The first ten, and the number of the others. */
function listed(words: readonly string[]): string {
  const more = words.length - 10
  return `${words.slice(0, 10).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function typesOf(chosen: readonly SelectedAgent[]): string[] {
  return [...new Set(chosen.map(({ status }) => status.type))].sort()
}
