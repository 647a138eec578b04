import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads'
import { ifExists, isErrno } from './durable-files.ts'

/**
 * A holder that cannot be examined (on another machine, in another container, or in a thread of a live process) counts
 * as dead if its lease file was not touched for this long.
 */
const DEAD_AFTER_MS = 30_000

/**
 * The key under which the threads of this process that have ended are shared; a thread inherits the list of its parent.
 */
const ENDED = 'learning-store: ended threads'

/** The process and thread that hold a lease, distinguishable from a later process with the same number. */
export interface Holder {
  readonly pid: number
  readonly thread: number
  /** When the process started, in clock ticks since the boot; '' if the system does not say. */
  readonly started: string
  readonly boot: string
  /** The host name; '' if this process may not read it. */
  readonly host: string
}

/** This process and thread. */
export async function self(): Promise<Holder> {
  try {
    return await readSelf()
  } catch (error) {
    if (!isRefused(error)) throw error
    return { pid: process.pid, thread: threadId, started: '', boot: '', host: '' }
  }
}

/** Deno allows /proc only with full permissions (-A), and throws its own error class, without a code. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotCapable'
}

async function readSelf(): Promise<Holder> {
  const boot = (await ifExists(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))) ?? ''
  return {
    pid: process.pid,
    thread: threadId,
    started: (await startOf(process.pid)) ?? '',
    boot: boot.trim(),
    host: hostname(),
  }
}

/** Tells this thread, and threads that it starts from now on, that a thread of a live process has ended. */
export function threadEnded(thread: number): void {
  setEnvironmentData(ENDED, [...endedThreads(), thread])
}

function endedThreads(): readonly number[] {
  return (getEnvironmentData(ENDED) as readonly number[] | undefined) ?? []
}

/** Whether the holder may still write. @param path its lease file, which it touches regularly */
export async function isAlive(holder: Holder, path: string): Promise<boolean> {
  const own = await self()
  // Process numbers of another machine or container mean nothing here.
  if (holder.host === '' || holder.host !== own.host) return wasTouched(path)
  if (holder.boot !== own.boot || !isRunning(holder.pid)) return false
  if (holder.pid === own.pid && endedThreads().includes(holder.thread)) return false
  // A thread may have ended while its process goes on.
  if (holder.thread > 0 && !(await wasTouched(path))) return false
  return own.started === '' || (await startOf(holder.pid)) === holder.started
}

async function wasTouched(path: string): Promise<boolean> {
  const file = await ifExists(stat(path))
  return file !== undefined && Date.now() - file.mtimeMs < DEAD_AFTER_MS
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error, 'EPERM')
  }
}

/**
 * Reads fields 3 and 22 of /proc/PID/stat, the state and the start time. Undefined for a process that has ended, even
 * if it was not reaped, and on systems other than Linux.
 */
async function startOf(pid: number): Promise<string | undefined> {
  const [state, ...fields] = (await statLine(pid))?.split(' ') ?? []
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields[18]
}

async function statLine(pid: number): Promise<string | undefined> {
  try {
    const line = await ifExists(readFile(`/proc/${pid}/stat`, 'utf8'))
    return line?.slice(line.lastIndexOf(')') + 2)
  } catch (error) {
    // The process ended between opening and reading.
    if (isErrno(error, 'ESRCH')) return undefined
    throw error
  }
}
