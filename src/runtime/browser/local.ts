import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { openClient } from '../../client/open-client.ts'
import { openStore } from '../../open.ts'
import type { Channel } from '../../protocol/channel.ts'
import { clientPlatform } from '../client-platform.ts'
import { coreDefaults } from '../defaults.ts'
import { isStorageAdapter } from '../options.ts'
import { browserEngine } from './engine.ts'
import { requestHandover } from './handover-channel.ts'
import { loadMarker, saveMarker } from './local-storage-marker.ts'
import type { BrowserStoreOptions } from './options.ts'
import { onPageHide } from './page-lifecycle.ts'
import { browserStorage } from './storage.ts'
import { withStorageInfo } from './storage-quota.ts'

/** Opens a store in this thread. A module of its own, because a page that uses a worker does not need it. */
export async function openLocal(
  {
    storage = 'memory:',
    durability,
    readOnly,
    lockTimeoutMs,
    persistence,
    now,
    newId,
    seed,
    wasmUrl,
    onBlocked,
    onOperation,
    operationPayload,
  }: BrowserStoreOptions,
  persisted: boolean | undefined,
): Promise<AsyncStore> {
  let stopRequesting: (() => void) | undefined
  const adapter = isStorageAdapter(storage)
    ? storage
    : browserStorage(storage, {
        expectedStore: loadMarker(storage),
        onStoreMarker: (storeMarker) => saveMarker(storage, storeMarker),
        onBlocked: () =>
          onBlocked?.({
            takeOver: () => {
              stopRequesting ??= requestHandover(storage)
            },
          }),
      })
  const open = async (): Promise<Channel> => {
    const opened = await openStore({
      durability,
      readOnly,
      lockTimeoutMs,
      persistence,
      ...coreDefaults({ now, newId, seed }),
      engine: await browserEngine(wasmUrl),
      storage: adapter,
    }).finally(() => stopRequesting?.())
    const channel = withStorageInfo(localChannel(opened), persisted)
    const end = onPageHide(() => void channel.flush().catch(() => {}))
    const close = (): Promise<void> => {
      end()
      return channel.close()
    }
    return { ...channel, close }
  }
  return openClient(open, clientPlatform, adapter.name, { onOperation, operationPayload })
}
