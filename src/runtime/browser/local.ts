import type { AsyncStore } from '../../client/async-store.ts'
import { localChannel } from '../../client/local-channel.ts'
import { storeFace } from '../../client/store-client.ts'
import { openStore } from '../../open.ts'
import { coreDefaults } from '../defaults.ts'
import { facePlatform } from '../face-platform.ts'
import { isPlace } from '../options.ts'
import { browserEngine } from './engine.ts'
import { want } from './handover-channel.ts'
import { recalled, rememberHere } from './local-storage-marker.ts'
import type { BrowserStoreOptions } from './options.ts'
import { onLeaving } from './page-lifecycle.ts'
import { browserPlace } from './storage.ts'
import { withStorage } from './storage-quota.ts'

/** Opens a store in this thread. Apart from the face, because a page that uses a worker needs nothing of it. */
export async function openLocal(
  { place = 'memory:', durability, waitMs, keeping, now, newId, seed, wasmUrl, onBlocked }: BrowserStoreOptions,
  persisted: boolean | undefined,
): Promise<AsyncStore> {
  let endWanting: (() => void) | undefined
  const found = isPlace(place)
    ? place
    : browserPlace(place, {
        remembered: recalled(place),
        onRemember: (sentinel) => rememberHere(place, sentinel),
        onBlocked: () =>
          onBlocked?.({
            takeOver: () => {
              endWanting ??= want(place)
            },
          }),
      })
  const opened = await openStore({
    ...{ durability, waitMs, keeping },
    ...coreDefaults({ now, newId, seed }),
    engine: await browserEngine(wasmUrl),
    place: found,
  }).finally(() => endWanting?.())
  const channel = withStorage(localChannel(opened), persisted)
  const end = onLeaving(() => void channel.flush().catch(() => {}))
  const close = (): Promise<void> => {
    end()
    return channel.close()
  }
  return storeFace({ ...channel, close }, facePlatform)
}
