import type { LearningStore } from '../src/learning/learning-store.ts'
import { coreDefaults } from '../src/runtime/defaults.ts'
import { nodeEngine } from '../src/runtime/node/engine.ts'
import { Connection } from '../src/sql/connection.ts'
import { migrate } from '../src/sql/migrations.ts'
import { completeStore } from '../tests/complete-store.ts'
import { collect } from './measure.ts'
import { peerPatterns } from './peer-patterns.ts'
import { nativeSqlite } from './peers.ts'
import { list, samplePattern } from './samples.ts'

const PATTERNS = 10_000

/** What 10,000 patterns take in memory, in MB of 10^6 bytes. */
export interface MemoryUse {
  /** Growth of the file that sql.js holds outside the JavaScript heap: the pages of the database. */
  readonly file: number
  /** WebAssembly memory that was put to use, of what the engine took when it was loaded: copies of pages mostly. */
  readonly engine: number
  /** Growth of the JavaScript heap after a garbage collection. */
  readonly heap: number
  /** Further growth of that heap when all of them are retrieved at once, so that our cache holds them as objects. */
  readonly cached: number
  /** Growth of the pages of a better-sqlite3 database by the same rows. */
  readonly native: number
}

/** Must be the first to load the engine: what was used and freed before would not count. */
export async function memoryOfPatterns(): Promise<MemoryUse> {
  const touched = watchEngineMemory()
  const connection = new Connection(await nodeEngine())
  migrate(connection)
  const store = completeStore(connection, coreDefaults())
  store.executionPatterns.add(samplePattern(undefined, 0))
  const [before, touchedBefore] = [inUse(), touched()]
  storeAll(store)
  const [after, touchedAfter] = [inUse(), touched()]
  store.executionPatterns.list({ limit: PATTERNS })
  const cached = inUse().heapUsed - after.heapUsed
  connection.close()
  return {
    file: (after.arrayBuffers - before.arrayBuffers) / 1e6,
    engine: (touchedAfter - touchedBefore) / 1e6,
    heap: (after.heapUsed - before.heapUsed) / 1e6,
    cached: cached / 1e6,
    native: nativeGrowth() / 1e6,
  }
}

/** A function of its own, so that its frame does not keep the patterns alive. */
function storeAll(store: LearningStore): void {
  store.executionPatterns.addMany(list(PATTERNS, samplePattern))
}

/** Answers a function that counts the bytes of the engine's memory which were written to, in blocks of 1 KiB. */
function watchEngineMemory(): () => number {
  const memories: WebAssembly.Memory[] = []
  const instantiate = WebAssembly.instantiate as (
    ...args: unknown[]
  ) => Promise<WebAssembly.WebAssemblyInstantiatedSource>
  const watching = async (...args: unknown[]): Promise<WebAssembly.WebAssemblyInstantiatedSource> => {
    const source = await instantiate(...args)
    const found = Object.values(source.instance.exports).filter((value) => value instanceof WebAssembly.Memory)
    memories.push(...found)
    return source
  }
  WebAssembly.instantiate = watching as typeof WebAssembly.instantiate
  return () => memories.reduce((sum, { buffer }) => sum + writtenBytes(new Float64Array(buffer)), 0)
}

function writtenBytes(memory: Float64Array): number {
  const block = 1024 / memory.BYTES_PER_ELEMENT
  let written = 0
  for (let at = 0; at < memory.length; at += block) {
    if (memory.subarray(at, at + block).some((word) => word !== 0)) written += 1024
  }
  return written
}

function nativeGrowth(): number {
  const peer = nativeSqlite()
  const pages = peer.prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')
  const bytes = (): number => Number(pages.all([])[0]?.[0])
  const before = bytes()
  peerPatterns(peer).storeMany(list(PATTERNS, samplePattern))
  const growth = bytes() - before
  peer.close()
  return growth
}

function inUse(): NodeJS.MemoryUsage {
  collect()
  collect()
  return process.memoryUsage()
}
