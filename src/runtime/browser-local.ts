import type { AsyncStore } from '../face/async-store.ts'
import { localChannel } from '../face/local.ts'
import { storeFace } from '../face/store-face.ts'
import { openStore } from '../open.ts'
import { browserEngine } from './browser-engine.ts'
import type { BrowserStoreOptions } from './browser-options.ts'
import { browserPlace } from './browser-place.ts'
import { coreDefaults } from './defaults.ts'
import { facePlatform } from './face-platform.ts'
import { onLeaving } from './leaving.ts'
import { isPlace } from './options.ts'
import { withStorage } from './persistence.ts'
import { recalled, rememberHere } from './remembered.ts'
import { want } from './wanting.ts'

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
