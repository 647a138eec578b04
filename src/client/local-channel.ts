import { abortedError, closedError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import { Turns } from '../protocol/call-queue.ts'
import { type Call, kindOf, perform } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import { firm } from '../protocol/durability.ts'
import { statusOf } from '../protocol/status.ts'

/** The way to a store that runs in the caller's thread. Each call is its own transaction. */
export function localChannel(opened: OpenStore): Channel {
  const { store, keeper, durability } = opened
  const turns = new Turns()
  let closing: Promise<void> | undefined

  /** Carries it out in its turn, once what these calls need is loaded. */
  function asked<T>(calls: readonly Call[], begin: () => Promise<T>): Promise<T> {
    return closing === undefined ? turns.take(store.parts.ready(calls), begin) : Promise.reject(closedError())
  }

  return {
    send: (call) =>
      asked([call], async () => {
        const answer = perform(store, call)
        await firm(keeper, durability, kindOf(call) === 'read')
        return answer
      }),
    status: () =>
      asked([], async () => {
        const status = statusOf(opened, 'local', durability)
        await firm(keeper, durability, true)
        return status
      }),
    work: (job, tick) =>
      asked([], async () => {
        const answer = await opened.work(job, async (progress) => {
          if (!(await tick(progress))) throw abortedError()
        })
        await firm(keeper, durability, false)
        return answer
      }),
    flush: () =>
      asked([], async () => {
        store.settle()
        await keeper?.kept(true)
      }),
    close() {
      closing ??= turns.take(undefined, () => opened.close())
      return closing
    },
    watch(observer) {
      return opened.watch(async (commits) => {
        await firm(keeper, durability, true)
        // What closing still writes is nobody's news.
        if (closing === undefined) for (const commit of commits) observer(commit)
      })
    },
  }
}
