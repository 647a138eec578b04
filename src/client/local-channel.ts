import { abortedError, closedError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import { CallQueue } from '../protocol/call-queue.ts'
import { type Call, kindOf, operationOf } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import { awaitDurability } from '../protocol/durability.ts'
import { statusOf } from '../protocol/status.ts'

/** The way to a store that runs in the caller's thread. Each call is its own transaction. */
export function localChannel(opened: OpenStore): Channel {
  const { store, persister, durability } = opened
  const queue = new CallQueue()
  let closing: Promise<void> | undefined

  /** Carries it out in its turn, once what these calls need is loaded. */
  function asked<T>(calls: readonly Call[], begin: () => Promise<T>): Promise<T> {
    return closing === undefined ? queue.take(store.lazyModules.ready(calls), begin) : Promise.reject(closedError())
  }

  return {
    send: (call) =>
      asked([call], async () => {
        const [outcome] = store.run([operationOf(call)])
        if (!outcome || 'error' in outcome) throw outcome?.error
        await awaitDurability(persister, durability, kindOf(call) === 'read')
        return outcome.answer
      }),
    status: () =>
      asked([], async () => {
        const status = statusOf(opened, 'local', durability)
        await awaitDurability(persister, durability, true)
        return status
      }),
    work: (job, tick) =>
      asked([], async () => {
        const answer = await opened.work(job, async (progress) => {
          if (!(await tick(progress))) throw abortedError()
        })
        await awaitDurability(persister, durability, false)
        return answer
      }),
    flush: () =>
      asked([], async () => {
        store.settle()
        await persister?.whenDurable(true)
      }),
    close() {
      closing ??= queue.take(undefined, () => opened.close())
      return closing
    },
    watch(observer) {
      return opened.watch(async (commits) => {
        await awaitDurability(persister, durability, true)
        // What closing still writes is nobody's news.
        if (closing === undefined) for (const commit of commits) observer(commit)
      })
    },
  }
}
