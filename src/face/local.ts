import { abortedError, closedError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import { kindOf, perform } from './calls.ts'
import type { Channel } from './channel.ts'
import { firm } from './firm.ts'
import { statusOf } from './status.ts'

/** The way to a store that runs in the caller's thread. Each call is its own transaction. */
export function localChannel(opened: OpenStore): Channel {
  const { store, keeper, durability } = opened
  let closing: Promise<void> | undefined

  function checkOpen(): void {
    if (closing !== undefined) throw closedError()
  }

  return {
    async send(call) {
      checkOpen()
      const answer = perform(store, call)
      await firm(keeper, durability, kindOf(call) === 'read')
      return answer
    },
    async status() {
      checkOpen()
      const status = statusOf(opened, 'local', durability)
      await firm(keeper, durability, true)
      return status
    },
    async work(job, tick) {
      checkOpen()
      const answer = await opened.work(job, async (progress) => {
        if (!(await tick(progress))) throw abortedError()
      })
      await firm(keeper, durability, false)
      return answer
    },
    async flush() {
      checkOpen()
      store.settle()
      await keeper?.kept(true)
    },
    close() {
      closing ??= opened.close()
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
