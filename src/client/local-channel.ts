import { abortedError, closedError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import { CallQueue } from '../protocol/call-queue.ts'
import { type Call, kindOf, operationOf } from '../protocol/calls.ts'
import type { Channel } from '../protocol/channel.ts'
import { awaitDurability } from '../protocol/durability.ts'
import { statusOf } from '../protocol/status.ts'

/** A channel to a store in the caller's thread. Each call is a transaction of its own. */
export function localChannel(opened: OpenStore): Channel {
  const { persister, durability } = opened
  const queue = new CallQueue()
  let closing: Promise<void> | undefined

  /** Starts a call in its turn, once the modules that it needs are loaded. */
  function enqueue<T>(calls: readonly Call[], start: () => Promise<T>): Promise<T> {
    return closing === undefined ? queue.take(opened.ready(calls), start) : Promise.reject(closedError())
  }

  return {
    send: (call) =>
      enqueue([call], async () => {
        const [outcome] = opened.store.run([operationOf(call)])
        if (!outcome || 'error' in outcome) throw outcome?.error
        await awaitDurability(persister, durability, kindOf(call) === 'read')
        return outcome.result
      }),
    status: () =>
      enqueue([], async () => {
        const status = statusOf(opened, 'local', durability)
        await awaitDurability(persister, durability, true)
        return status
      }),
    work: (job, tick) =>
      enqueue([], async () => {
        const result = await opened.work(job, async (progress) => {
          if (!(await tick(progress))) throw abortedError()
        })
        await awaitDurability(persister, durability, false)
        return result
      }),
    flush: () =>
      enqueue([], async () => {
        opened.store.settle()
        await persister?.whenDurable(true)
      }),
    refresh: async () => {
      if (closing !== undefined) throw closedError()
      // What was called before may still wait for its turn, and sees the later state.
      const refreshed = opened.refresh()
      await enqueue([], () => refreshed)
      return refreshed
    },
    close() {
      closing ??= queue.take(undefined, () => opened.close())
      return closing
    },
    watch(observer) {
      return opened.watch(async (commits) => {
        await awaitDurability(persister, durability, true)
        // Commits made by closing are not reported.
        if (closing === undefined) for (const commit of commits) observer(commit)
      })
    },
  }
}
