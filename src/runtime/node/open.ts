import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { openClient } from '../../client/open-client.ts'
import { RemoteChannel } from '../../client/remote-channel.ts'
import { checkStoreExists } from '../../open/existing-store.ts'
import { openStore } from '../../open.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import type { Channel, ClientPlatform } from '../../protocol/channel.ts'
import { clientPlatform } from '../client-platform.ts'
import { coreDefaults, newUuid } from '../defaults.ts'
import {
  checkFlags,
  checkLearningStoreOptions,
  checkWorkerOptions,
  isStorageAdapter,
  type LearningStoreOptions,
  type StorageName,
} from '../options.ts'
import { withQueryThread } from '../query-channel.ts'
import { defaultNodeStorage } from './default-storage.ts'
import { nodeEngine } from './engine.ts'
import { importSource } from './import-source.ts'
import { nodeUrl } from './node-url.ts'
import { operationTracer } from './operation-tracer.ts'
import { nodeStorage } from './storage.ts'
import { reportIfUnfinished } from './unfinished-stores.ts'
import { checkWasm, type SentWasm, type WasmSource } from './wasm.ts'
import { nodeLink } from './worker-link.ts'

const platform: ClientPlatform = {
  ...clientPlatform,
  tracer: operationTracer,
  readSource: (path) => importSource(path, contentOfStore),
}

/**
 * The options of `openLearningStore` in Node. Storages by name: `file:PATH`, `memory:` (one process only). Without a storage: the one
 * that the environment variable LEARNING_STORE names, the file that AQE_DB_PATH names, `.agentic-qe/memory.db` if it is a learning
 * store, or `.learning-store/learning.db`.
 */
export interface NodeStoreOptions<P extends StorageName | StorageAdapter = StorageName | StorageAdapter>
  extends LearningStoreOptions<P> {
  /**
   * Run the store in a worker thread, so that this thread never waits for SQLite. The worker keeps the process alive
   * until `close()`.
   * @default false
   */
  readonly worker?: boolean
  /**
   * SQLite's WebAssembly module, for programs in a bundle: compiled, its bytes, or the path or URL of a copy of
   * `learning-store/sql-wasm.wasm`. The first store of a thread decides. Default: the file in the package.
   */
  readonly wasm?: WasmSource
  /**
   * The path or URL of the worker thread's script, for programs in a bundle: a bundle of `learning-store/worker/node.js`.
   * Default: the file in the package.
   */
  readonly workerUrl?: string | URL
  /**
   * Whether a store is created if there is none. With `false` opening then rejects with STORE_MISSING, and leaves nothing behind. Not for a
   * store in a worker.
   * @default true
   */
  readonly create?: boolean
}

/**
 * Opens a learning store, and creates it if there is none.
 *
 * @throws INVALID_ARGUMENT
 * @throws LOCKED after `lockTimeoutMs` if another writer holds the storage
 * @throws NOT_A_STORE, MODIFIED_EXTERNALLY, SCHEMA_TOO_NEW, CORRUPT_SNAPSHOT, CORRUPT_LOG, STORE_MISSING, STORAGE_FULL,
 * STORAGE_ERROR
 * @throws MODULE_LOAD_FAILED if the file of SQLite is not there
 * @throws WORKER_LOST
 * @example
 * ```ts
 * import { openLearningStore } from 'learning-store'
 *
 * const store = await openLearningStore({ storage: 'memory:' }) // or 'file:learning.db'
 * const agent = await store.agent('router')
 * const state = { pages: 12 }
 * const actions = ['small-model', 'large-model']
 * const { action, probability } = await agent.selectAction(state, { actions })
 * await agent.learn({ state, action, reward: 1, terminated: true, actions, behaviorProbability: probability })
 * console.log(await agent.recommend(state))
 * await store.close()
 * ```
 */
export async function openLearningStore<P extends StorageName | StorageAdapter>(
  options: NodeStoreOptions<P> = {},
): Promise<AsyncStore> {
  const own = ['worker', 'wasm', 'workerUrl', 'create'] as const
  const { worker, wasm, workerUrl, create, ...given } = checkLearningStoreOptions<NodeStoreOptions>(options, own)
  checkFlags({ worker, create })
  if (worker && create !== undefined) throw invalid('create', 'omitted for a store in a worker', create)
  const sqlite = checkWasm(wasm)
  const script = workerUrl === undefined ? undefined : nodeUrl(workerUrl, 'workerUrl')
  const named = { ...given, storage: given.storage === undefined ? await defaultNodeStorage() : given.storage }
  if (worker) return openRemote(named, sqlite, script)
  const { storage, now, newId, seed, onOperation, operationPayload, ...rest } = named
  const adapter = resolved(storage)
  const open = async (): Promise<Channel> => {
    const core = coreDefaults({ now, newId, seed })
    if (create === false) await checkStoreExists(adapter)
    const opened = await openStore({ ...rest, ...core, engine: await nodeEngine(sqlite), storage: adapter })
    const channel = localChannel(reportIfUnfinished(opened))
    if (typeof storage !== 'string' || storage === 'memory:') return channel
    const options = { storage, readOnly: rest.readOnly, wasm: sqlite }
    return withQueryThread(channel, { start: () => nodeLink(() => {}, script), options })
  }
  return openClient(open, platform, adapter.name, { onOperation, operationPayload })
}

async function contentOfStore(path: string): Promise<Uint8Array> {
  const store = await openLearningStore({ storage: `file:${path}`, readOnly: true })
  try {
    return await store.snapshot()
  } finally {
    await store.close()
  }
}

async function openRemote(
  options: LearningStoreOptions,
  wasm: SentWasm | undefined,
  script: URL | undefined,
): Promise<AsyncStore> {
  const { durability = 'relaxed', readOnly, seed, lockTimeoutMs, persistence, newId = newUuid } = options
  const storage = checkWorkerOptions(options)
  const channel = new RemoteChannel({
    connect: (onEvent) => nodeLink(onEvent, script),
    open: () => ({ storage, durability, readOnly, seed, lockTimeoutMs, persistence, wasm }),
    newId,
    onEvent: () => {},
    platform,
  })
  const open = async (): Promise<Channel> => {
    await channel.open()
    if (storage === 'memory:') return channel
    return withQueryThread(channel, { start: () => nodeLink(() => {}, script), options: { storage, readOnly, wasm } })
  }
  return openClient(open, platform, nodeStorage(storage).name, options)
}

function resolved(storage: LearningStoreOptions['storage']): ReturnType<typeof nodeStorage> {
  if (typeof storage === 'string') return nodeStorage(storage)
  if (storage && isStorageAdapter(storage)) return storage
  throw invalid('the storage', 'file:PATH, memory: or a StorageAdapter', storage)
}
