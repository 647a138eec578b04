import { StoreError } from '../errors.ts'
import type { OpenStore } from '../open.ts'
import type { AsyncStore, Promised, StoreStatus } from './async-store.ts'

/** The face of a store that runs in the caller's thread. */
export function localStore(opened: OpenStore): AsyncStore {
  const { store, keeper, durability } = opened
  let closing: Promise<void> | undefined

  /** Runs one act. With `strict` it is answered once everything committed so far is on the disk, its own commit included. */
  async function act<T>(work: () => T): Promise<T> {
    if (closing !== undefined) throw new StoreError('CLOSED', 'Expected an open store, got one that was closed')
    const answer = work()
    await (durability === 'strict' ? keeper?.kept() : keeper?.keepUp())
    return answer
  }

  /** All methods of `target`, each as an act. */
  function promised<T extends object>(target: T): Promised<T> {
    const prototype = Object.getPrototypeOf(target) as object
    const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor')
    const entries = methods.map((name) => [
      name,
      (...args: unknown[]) => act(() => (target as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args)),
    ])
    return { ...target, ...Object.fromEntries(entries) } as Promised<T>
  }

  const close = (): Promise<void> => {
    closing ??= opened.close()
    return closing
  }
  return {
    agent: (...args) => act(() => promised(store.agent(...args))),
    agentIds: () => act(() => store.agentIds()),
    experiences: promised(store.experiences),
    values: promised(store.values),
    executionPatterns: promised(store.executionPatterns),
    status: () => act(() => statusOf(opened)),
    flush: async () => {
      await act(() => store.settle())
      await keeper?.kept(true)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function statusOf({ store, place, keeper, durability, notes }: OpenStore): StoreStatus {
  const kept = keeper?.status ?? {
    ...{ state: 'clean' as const, reason: undefined, durableSequence: 0, logBytes: 0, snapshotBytes: 0 },
  }
  return { ...store.status(), place: place.name, host: 'local', durability, notes, ...kept }
}
