import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { ifThere, isErrno } from './durable-files.ts'

/** A holder on another machine that has shown no life for so long counts as dead. */
const DEAD_AFTER_MS = 30_000

/** The process that holds a claim, told apart from a later one with the same number. */
export interface Holder {
  readonly pid: number
  /** When the process started, in clock ticks since the boot; '' where the system does not tell. */
  readonly started: string
  readonly boot: string
  readonly host: string
}

/** This process. */
export async function self(): Promise<Holder> {
  const boot = (await ifThere(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))) ?? ''
  return { pid: process.pid, started: (await startOf(process.pid)) ?? '', boot: boot.trim(), host: hostname() }
}

/** Whether the holder may still write. @param path its claim file, which it touches from time to time. */
export async function isAlive(holder: Holder, path: string): Promise<boolean> {
  const me = await self()
  if (holder.host !== me.host) {
    // Process numbers of another machine, or of another container, say nothing here.
    const seen = await ifThere(stat(path))
    return seen !== undefined && Date.now() - seen.mtimeMs < DEAD_AFTER_MS
  }
  if (holder.boot !== me.boot || !isRunning(holder.pid)) return false
  return me.started === '' || (await startOf(holder.pid)) === holder.started
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
