import { clonePlain } from '../client/clone-arguments.ts'
import { closedError, failedToLoad } from '../errors.ts'
import type { Call } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import type { QueryReader, QueryThread } from './query-reader.ts'

/** A channel whose `query` runs in another thread, which is ended at the time-out. It starts with the first query. */
export function withQueryThread(channel: Channel, thread: QueryThread): Channel {
  let loading: Promise<QueryReader> | undefined
  let reader: QueryReader | undefined
  let closing: Promise<void> | undefined

  const query = async (call: Call): Promise<unknown> => {
    if (reader?.isAvailable === false) return channel.send(call)
    const copy = { ...call, args: clonePlain(call.args) }
    // Called now: it is in order with the other calls, and what was written before can be read then.
    const flushed = channel.flush()
    flushed.catch(() => {})
    loading ??= import('./query-reader.ts').then(
      (module) => new module.QueryReader(channel, thread),
      (cause) => {
        loading = undefined
        return failedToLoad('queries')(cause)
      },
    )
    return loading.then((loaded) => {
      reader = loaded
      return loaded.run(copy, flushed)
    })
  }
  const unlessClosed = <T>(work: () => Promise<T>): Promise<T> =>
    closing === undefined ? work() : Promise.reject(closedError())
  return {
    send: (call) =>
      unlessClosed(() => (call.on === 'store' && call.method === 'query' ? query(call) : channel.send(call))),
    status: () => unlessClosed(() => channel.status()),
    work: (job, tick) => unlessClosed(() => channel.work(job, tick)),
    flush: () => unlessClosed(() => channel.flush()),
    refresh: () => unlessClosed(() => channel.refresh()),
    close() {
      closing ??= Promise.resolve(loading?.then((loaded) => loaded.close()).catch(() => {})).then(() => channel.close())
      return closing
    },
    watch: (observer) => channel.watch(observer),
  }
}
