import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { openClient } from '../../client/open-client.ts'
import { openStore } from '../../open.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import type { Channel } from '../../protocol/channel.ts'
import { type Engine, loadEngine } from '../../sql/engine.ts'
import type { WasmModule } from '../../sql/sql-js.ts'
import initSqlJs from '../../sql/sql-js-module.js'
import { clientPlatform } from '../client-platform.ts'
import { coreDefaults } from '../defaults.ts'
import { checkLearningStoreOptions, isStorageAdapter, type LearningStoreOptions, type StorageName } from '../options.ts'

/**
 * The options of `openLearningStore` on the edge. The storage is a `StorageAdapter`, or `memory:`, which ends with the
 * isolate; there is no default.
 */
export interface EdgeStoreOptions<P extends StorageName | StorageAdapter = StorageName | StorageAdapter>
  extends LearningStoreOptions<P> {
  /** The compiled SQLite module, for runtimes that cannot import, read or fetch it. */
  readonly wasm?: WasmModule
}

/**
 * Opens a store in this thread, and creates it if there is none.
 *
 * @throws INVALID_ARGUMENT
 * @throws LOCKED, NOT_A_STORE, SCHEMA_TOO_NEW, CORRUPT_SNAPSHOT, CORRUPT_LOG, STORE_MISSING, STORAGE_FULL,
 * STORAGE_ERROR as its storage does
 */
export type OpenEdgeStore = <P extends StorageName | StorageAdapter>(
  options?: EdgeStoreOptions<P>,
) => Promise<AsyncStore>

/**
 * @param ownWasm loads the module in this runtime
 * @param background receives work that this runtime would otherwise end with the request that began it
 */
export function edgeStore(
  ownWasm: () => WasmModule | Promise<WasmModule>,
  background?: (work: Promise<unknown>) => void,
): OpenEdgeStore {
  let loading: Promise<Engine> | undefined
  const engine = (wasm: WasmModule | undefined): Promise<Engine> => {
    loading ??= load(wasm).catch((error: unknown) => {
      // The next call may bring another module.
      loading = undefined
      throw error
    })
    return loading
  }
  const load = async (wasm: WasmModule | undefined): Promise<Engine> => loadEngine(initSqlJs, wasm ?? (await ownWasm()))

  return async (options: EdgeStoreOptions = {}) => {
    const { storage, now, newId, seed, wasm, onOperation, operationPayload, ...rest } = checkLearningStoreOptions(
      options,
      ['wasm'],
    )
    if (wasm !== undefined && !isModule(wasm)) {
      throw invalid('wasm', 'a compiled WebAssembly module', wasm)
    }
    const adapter = storage === 'memory:' ? memoryStorage() : storage
    if (adapter === undefined || typeof adapter === 'string' || !isStorageAdapter(adapter)) {
      throw invalid('the storage', 'memory: or a StorageAdapter object: the edge has no default', storage)
    }
    const open = async (): Promise<Channel> => {
      const core = coreDefaults({ now, newId, seed })
      return localChannel(
        await openStore({ ...rest, ...core, engine: await engine(wasm), storage: adapter, background }),
      )
    }
    return openClient(open, clientPlatform, adapter.name, { onOperation, operationPayload })
  }
}

/** Also if it was compiled in another realm. */
function isModule(wasm: unknown): boolean {
  return Object.prototype.toString.call(wasm) === '[object WebAssembly.Module]'
}
