import { notLoaded } from '../errors.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Jobs } from './jobs.ts'

/** What runs them is loaded with the first one. */
export function jobs(channel: Channel, platform: ClientPlatform): Jobs {
  const loaded = async (): Promise<Jobs> => {
    const { jobsOn } = await import('./run-jobs.ts').catch((cause: unknown) => {
      throw notLoaded('long work', cause)
    })
    return jobsOn(channel, platform)
  }
  return {
    importFile: async (...args) => (await loaded()).importFile(...args),
    exportFile: async (...args) => (await loaded()).exportFile(...args),
    snapshot: async () => (await loaded()).snapshot(),
    prune: async (...args) => (await loaded()).prune(...args),
    compact: async () => (await loaded()).compact(),
  }
}
