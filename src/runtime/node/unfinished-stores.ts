import { writeSync } from 'node:fs'
import type { OpenStore } from '../../open.ts'

/** The open stores of this thread that persist something. */
const open = new Set<OpenStore>()
let stopListening: (() => void) | undefined

/** Watches an open store, so that a process that ends without closing it says what was not durable. */
export function reportIfUnfinished(store: OpenStore): OpenStore {
  if (!store.persister) return store
  const watched: OpenStore = {
    ...store,
    close: () => store.close().finally(() => forget(watched)),
  }
  open.add(watched)
  stopListening ??= listen()
  return watched
}

function forget(store: OpenStore): void {
  if (!open.delete(store) || open.size > 0) return
  stopListening?.()
  stopListening = undefined
}

/** Deno needs a permission to pass a signal on, and both name only their own in this way. */
function listen(): () => void {
  process.on('exit', report)
  const { deno, bun }: { readonly [runtime: string]: string | undefined } = process.versions
  const ends = deno === undefined && bun === undefined ? SIGNALS.map(watchSignal) : []
  return () => {
    process.removeListener('exit', report)
    for (const end of ends) end()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Reports before a signal ends the process, which it does as if nothing listened. Comes before all other listeners and is gone when they
 * run, so that it sees those that are called once, and is not taken for one that handles the signal.
 */
function watchSignal(signal: (typeof SIGNALS)[number]): () => void {
  let isWatching = true
  const onSignal = (): void => {
    if (process.listenerCount(signal) > 0) {
      // The program ends in its own way, or goes on.
      setImmediate(() => isWatching && process.prependOnceListener(signal, onSignal))
      return
    }
    report()
    process.kill(process.pid, signal)
  }
  process.prependOnceListener(signal, onSignal)
  return () => {
    isWatching = false
    process.removeListener(signal, onSignal)
  }
}

/** Nothing asynchronous happens any more, warnings of the process included. */
function report(): void {
  for (const { store, persister, storage, durability } of open) {
    const pending = store.sequence - (persister?.durableSequence(durability) ?? store.sequence)
    if (pending > 0) writeSync(2, `(learning-store) Warning: ${sentence(pending)} ${storage.name}${REMEDY}\n`)
  }
}

const REMEDY = ', which was not closed. Call close() before the process ends.'

function sentence(pending: number): string {
  return pending === 1 ? '1 commit is not durable in' : `${pending} commits are not durable in`
}
