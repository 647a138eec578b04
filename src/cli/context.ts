import type { AsyncAgent, AsyncStore } from '../client/async-store.ts'
import type { JobOptions } from '../client/jobs.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Progress } from '../learning/progress.ts'
import { coreDefaults } from '../runtime/defaults.ts'
import { openLearningStore } from '../runtime/node/open.ts'
import { Failure } from './failure.ts'
import { checkNotOf, checkThere, copyBeside, isAnyThere, pathOf, writeOutput } from './files.ts'
import { ask, type Bar, canRequestHandover, print, progress, stoppedByInterrupt } from './terminal.ts'

/** An agent that a command is about. */
export interface Chosen {
  readonly agent: AsyncAgent
  readonly status: AgentStatus
}

/** What a command has to work with: what was typed, and the store at its storage. */
export class Context {
  readonly options: { readonly [name: string]: unknown }
  readonly args: readonly string[]
  readonly storage: string
  #store: AsyncStore | undefined

  constructor(options: { readonly [name: string]: unknown }, args: readonly string[], storage: string) {
    this.options = options
    this.args = args
    this.storage = storage
  }

  get json(): boolean {
    return this.options.json === true
  }

  /** The file of the storage. @throws USAGE */
  get path(): string {
    return pathOf(this.storage)
  }

  /** An option that was given. */
  text(name: string): string | undefined {
    return this.options[name] as string | undefined
  }

  count(name: string): number | undefined {
    return this.options[name] as number | undefined
  }

  has(name: string): boolean {
    return this.options[name] === true
  }

  /** The store, opened when it is first asked for. @param otherwise where there is none; refused unless given. */
  async store(otherwise?: 'or a new one' | 'or an empty one'): Promise<AsyncStore> {
    if (this.#store) return this.#store
    if (otherwise === 'or an empty one' && !(await isAnyThere(this.path))) {
      this.#store = await openLearningStore({ storage: 'memory:' })
      return this.#store
    }
    if (otherwise === undefined) await checkThere(this.path)
    const lockTimeoutMs = this.count('wait')
    this.#store = await openLearningStore({
      storage: `file:${this.path}`,
      durability: 'strict',
      ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
    })
    return this.#store
  }

  /** The store; where none is there, one is made only once `trial` went well with another, which is then forgotten. */
  async storeOrNew(trial: (empty: AsyncStore) => Promise<unknown>): Promise<AsyncStore> {
    if (!(await isAnyThere(this.path))) {
      await using empty = await openLearningStore({ storage: 'memory:' })
      await trial(empty)
    }
    return this.store('or a new one')
  }

  async close(): Promise<void> {
    const store = this.#store
    this.#store = undefined
    await store?.close()
  }

  /** The agents that `--agent` names: the one of this id, else all of this type; all there are where it is not given. */
  async agents(): Promise<Chosen[]> {
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
      ids.length === 0 ? 'it has no agents yet' : `it has ${listed(ids)}, of the types ${listed(typesOf(chosen))}`
    throw new Failure('NOT_FOUND', `Expected an agent or a type of agents of this store, got "${wanted}"; ${known}`)
  }

  /** Resolves when it may go on: `--confirm` was given, or somebody says yes. @throws NOT_CONFIRMED */
  async confirm(what: string): Promise<void> {
    if (this.has('confirm')) return
    if (!canRequestHandover() || this.json) throw new Failure('NOT_CONFIRMED', `${what} Add --confirm to do it.`)
    if (!(await ask(`${what} Go on?`))) throw new Failure('NOT_CONFIRMED', 'Nothing was changed.')
  }

  /** Writes what `--output` names. @throws USAGE for a file of the store. @throws NOT_CONFIRMED without `--force` where it is there. */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    await checkNotOf(this.path, path)
    await writeOutput(path, content, this.has('force'))
  }

  /** Persists a copy of the whole store beside it, before something is lost. Answers its name. */
  async keepSnapshot(): Promise<string> {
    await this.store()
    // A closed store is one file.
    await this.close()
    return copyBeside(this.path, this.stamp())
  }

  /** ms since the epoch. */
  now(): number {
    return coreDefaults({ seed: 0 }).now()
  }

  /** The moment, as a part of a file's name. */
  stamp(): string {
    return new Date(this.now()).toISOString().slice(0, 19).replaceAll(':', '-')
  }

  /** How long work of the store is shown, and stopped by an interrupt. `pause` takes away what is shown. */
  follow(): { readonly options: JobOptions; pause(): void; end(): void } {
    let bar: Bar | undefined
    let shown: string | undefined
    const stopping = stoppedByInterrupt()
    const pause = (): void => {
      bar?.end()
      bar = undefined
      shown = undefined
    }
    const onProgress = ({ what, done, total }: Progress): void => {
      if (shown !== what) {
        pause()
        bar = this.progress(what, total)
        shown = what
      }
      bar?.at(done)
    }
    const end = (): void => {
      pause()
      stopping.end()
    }
    return { options: { onProgress, signal: stopping.signal }, pause, end }
  }

  /** The whole content of another store, which nobody else has open. */
  async contentOfOther(path: string): Promise<Uint8Array> {
    await using other = await openLearningStore({ storage: `file:${path}` })
    return await other.snapshot()
  }

  /** For people, as soon as it is known. */
  tell(text: string): void {
    if (!this.json) print(text)
  }

  progress(what: string, total: number | undefined): Bar {
    return progress(what, total, !this.json)
  }
}

/** The first ten, and how many there are besides. */
function listed(words: readonly string[]): string {
  const more = words.length - 10
  return `${words.slice(0, 10).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function typesOf(chosen: readonly Chosen[]): string[] {
  return [...new Set(chosen.map(({ status }) => status.type))].sort()
}
