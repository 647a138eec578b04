import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads'
import { ifThere, isErrno } from './durable-files.ts'

/** A holder on another machine, or that may not know it, or in a thread of another process, that has shown no life for so long counts as dead. */
const DEAD_AFTER_MS = 30_000

/** Threads of this process that have ended; a thread inherits what its parent knew when it started. */
const ENDED = 'learning-store: ended threads'

/** The process and thread that hold a lease, told apart from a later process with the same number. */
export interface Holder {
  readonly pid: number
  readonly thread: number
  /** When the process started, in clock ticks since the boot; '' where the system does not tell. */
  readonly started: string
  readonly boot: string
  /** '' where it may not be known. */
  readonly host: string
}

/** This process. */
export async function self(): Promise<Holder> {
  try {
    return await seen()
  } catch (error) {
    if (!isRefused(error)) throw error
    return { pid: process.pid, thread: threadId, started: '', boot: '', host: '' }
  }
}

/** Deno shows /proc to programs that may do everything (-A), and hands out its own error without a code. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotCapable'
}

async function seen(): Promise<Holder> {
  const boot = (await ifThere(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))) ?? ''
  return {
    pid: process.pid,
    thread: threadId,
    started: (await startOf(process.pid)) ?? '',
    boot: boot.trim(),
    host: hostname(),
  }
}

/** Lets this thread, and those that it starts from now on, know that a thread has ended: its process goes on. */
export function threadEnded(thread: number): void {
  setEnvironmentData(ENDED, [...endedThreads(), thread])
}

function endedThreads(): readonly number[] {
  return (getEnvironmentData(ENDED) as readonly number[] | undefined) ?? []
}

/** Whether the holder may still write. @param path its lease file, which it touches from time to time. */
export async function isAlive(holder: Holder, path: string): Promise<boolean> {
  const me = await self()
  // Process numbers of another machine, or of another container, say nothing here; nor where one of us may not look.
  if (holder.host === '' || holder.host !== me.host) return wasSeen(path)
  if (holder.boot !== me.boot || !isRunning(holder.pid)) return false
  if (holder.pid === me.pid && endedThreads().includes(holder.thread)) return false
  // A thread may have ended while its process goes on.
  if (holder.thread > 0 && !(await wasSeen(path))) return false
  return me.started === '' || (await startOf(holder.pid)) === holder.started
}

async function wasSeen(path: string): Promise<boolean> {
  const seen = await ifThere(stat(path))
  return seen !== undefined && Date.now() - seen.mtimeMs < DEAD_AFTER_MS
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
 * Fields 3 and 22 of /proc/PID/stat, the state and the start. Undefined for a process that has ended, also one that
 * nobody has reaped; and everywhere but on Linux.
 */
async function startOf(pid: number): Promise<string | undefined> {
  const [state, ...fields] = (await statLine(pid))?.split(' ') ?? []
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields[18]
}

async function statLine(pid: number): Promise<string | undefined> {
  try {
    const line = await ifThere(readFile(`/proc/${pid}/stat`, 'utf8'))
    return line?.slice(line.lastIndexOf(')') + 2)
  } catch (error) {
    // The process ended between opening and reading.
    if (isErrno(error, 'ESRCH')) return undefined
    throw error
  }
}
