import { invalid } from '../../checks.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { openClient } from '../../client/open-client.ts'
import { checkStoreExists } from '../../open/existing-store.ts'
import { openStore } from '../../open.ts'
import { memoryStorage } from '../../persistence/memory/memory-storage.ts'
import type { StorageAdapter } from '../../persistence/storage.ts'
import type { Channel } from '../../protocol/channel.ts'
import type { WasmModule } from '../../sql/sql-js.ts'
import { clientPlatform } from '../client-platform.ts'
import { coreDefaults } from '../defaults.ts'
import {
  checkFlags,
  checkLearningStoreOptions,
  isStorageAdapter,
  type LearningStoreOptions,
  type StorageName,
} from '../options.ts'
import { sharedEngine } from '../shared-engine.ts'
import { isModule } from '../wasm-module.ts'

/**
 * The options of `openLearningStore` on the edge. The storage is a `StorageAdapter`, or `memory:`, which ends with the
 * isolate; there is no default.
 */
export interface EdgeStoreOptions<P extends StorageName | StorageAdapter = StorageName | StorageAdapter>
  extends LearningStoreOptions<P> {
  /** The compiled SQLite module, for runtimes that cannot import, read or fetch it. */
  readonly wasm?: WasmModule
  /**
   * Whether a store is created if there is none. With `false` opening then rejects with STORE_MISSING, and leaves nothing behind.
   * @default true
   */
  readonly create?: boolean
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
  const engine = sharedEngine<WasmModule>((wasm) => wasm ?? ownWasm())

  return async (options: EdgeStoreOptions = {}) => {
    const { storage, now, newId, seed, wasm, create, onOperation, operationPayload, ...rest } =
      checkLearningStoreOptions(options, ['wasm', 'create'])
    checkFlags({ create })
    if (wasm !== undefined && !isModule(wasm)) {
      throw invalid('wasm', 'a compiled WebAssembly module', wasm)
    }
    const adapter = storage === 'memory:' ? memoryStorage() : storage
    if (adapter === undefined || typeof adapter === 'string' || !isStorageAdapter(adapter)) {
      throw invalid('the storage', 'memory: or a StorageAdapter object: the edge has no default', storage)
    }
    const open = async (): Promise<Channel> => {
      if (create === false) await checkStoreExists(adapter)
      const core = coreDefaults({ now, newId, seed })
      return localChannel(
        await openStore({ ...rest, ...core, engine: await engine(wasm), storage: adapter, background }),
      )
    }
    return openClient(open, clientPlatform, adapter.name, { onOperation, operationPayload })
  }
}
