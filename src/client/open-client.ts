import { failedToLoad } from '../errors.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { AsyncStore } from './async-store.ts'
import type { ObservationOptions } from './operations.ts'
import { storeClient } from './store-client.ts'

/**
 * Opens a store and returns it as its caller sees it. Its operations can be observed, the opening being the first one.
 * @param storage the name of the storage
 * @throws MODULE_LOAD_FAILED
 */
export async function openClient(
  open: () => Promise<Channel>,
  platform: ClientPlatform,
  storage: string,
  options: ObservationOptions,
): Promise<AsyncStore> {
  if (!options.onOperation && !platform.tracer) return storeClient(await open(), platform)
  // Loaded on demand: most pages observe nothing.
  const { OperationObserver, observedChannel } = await import('./operations.ts').catch(failedToLoad('`onOperation`'))
  const observer = new OperationObserver(platform, storage, options)
  const channel = await (observer.isActive ? observer.run('open', undefined, open) : open())
  return storeClient(observedChannel(channel, observer), platform)
}
