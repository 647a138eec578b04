import { concat } from '../../../src/persistence/log/frame.ts'
import { byAge } from '../../../src/persistence/log/recovery.ts'
import { MemoryMedium, memoryStorage } from '../../../src/persistence/memory/memory-storage.ts'
import type { Harness, Limitations } from '../storage-under-test.ts'

export const memoryLimitations: Limitations = { sleepBeforeWriting: 'it checks its lease and writes in one step' }

export async function memoryHarness(): Promise<Harness> {
  const medium = new MemoryMedium()
  const log = () => last([...medium.segments.keys()].sort(byAge), -1)
  const head = (which: string) => last([...medium.snapshots.keys()].sort(byAge), which === 'newest' ? -1 : -2)
  return {
    storage(beforeChange) {
      if (beforeChange) medium.beforeChange = (change) => void beforeChange(change)
      return memoryStorage(medium)
    },
    async die() {
      medium.releaseLease()
      medium.beforeChange = () => {}
    },
    async readLog() {
      return concat(medium.segments.get(log()) ?? [])
    },
    async writeLog(bytes) {
      medium.segments.set(log(), [bytes])
    },
    async readSnapshot(which) {
      return medium.snapshots.get(head(which)) ?? new Uint8Array()
    },
    async writeSnapshot(which, bytes) {
      medium.snapshots.set(head(which), bytes ?? new Uint8Array())
    },
    async wipe() {
      medium.snapshots.clear()
      medium.segments.clear()
    },
    async content() {
      const snapshots = [...medium.snapshots].map(([key, bytes]) => [`${JSON.stringify(key)} snapshot`, bytes.join()])
      const segments = [...medium.segments].map(([key, parts]) => [`${JSON.stringify(key)} log`, parts.join()])
      return new Map([...snapshots, ...segments].map(([name = '', bytes = '']) => [name, bytes]))
    },
    async dispose() {},
  }
}

function last<T>(items: readonly T[], at: number): T {
  const item = items.at(at)
  if (item === undefined) throw new Error('The medium holds too little for that')
  return item
}
