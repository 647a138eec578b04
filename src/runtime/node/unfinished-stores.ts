import { writeSync } from 'node:fs'
import { onExit } from 'signal-exit'
import type { OpenStore } from '../../open.ts'

/** The open stores of this thread that persist something. */
const open = new Set<OpenStore>()
let stopListening: (() => void) | undefined

/**
 * Watches an open store, so that a process that ends without closing it says what was not durable. `signal-exit` sees
 * to it that signals end the process as they would otherwise, also where the program or another library handles them.
 */
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
  const { deno, bun }: { readonly [runtime: string]: string | undefined } = process.versions
  if (deno === undefined && bun === undefined) return onExit(report)
  process.on('exit', report)
  return () => process.removeListener('exit', report)
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
