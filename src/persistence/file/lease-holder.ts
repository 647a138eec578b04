import { readlinkSync } from 'node:fs'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads'
import { ifExists, isErrno } from './durable-files.ts'

/**
 * The key under which the threads of this process that have ended are shared; a thread inherits the list of its parent.
 */
const ENDED = 'learning-store: ended threads'

/** The initial PID namespace of every Linux system (PROC_PID_INIT_INO). */
const INITIAL_NAMESPACE = 'pid:[4026531836]'

/** The process and thread that hold a lease, distinguishable from a later process with the same number. */
export interface Holder {
  readonly pid: number
  readonly thread: number
  /** When the process started, in clock ticks since the boot; '' if the system does not say. */
  readonly started: string
  readonly boot: string
  /**
   * The host name; '' if this process may not read it, and in a container, so that earlier versions of this package do
   * not look for the process in their own namespace.
   */
  readonly host: string
  /** The host name, in any case. */
  readonly machine?: string
  /** The PID namespace; '' if the system has none or does not say. Absent in lease files of earlier versions. */
  readonly namespace?: string
  /** The system's number of the thread and when it started; absent for a main thread. */
  readonly task?: Task
}

interface Task {
  readonly id: string
  readonly started: string
}

/** Whether a holder may still write; `unknown` if this process cannot examine it. */
export type Liveness = 'alive' | 'dead' | 'unknown'

/** This process and thread. */
export async function self(): Promise<Holder> {
  try {
    return await readSelf()
  } catch (error) {
    if (!isRefused(error)) throw error
    return { pid: process.pid, thread: threadId, started: '', boot: '', host: '', machine: '', namespace: '' }
  }
}

/** Deno allows /proc only with full permissions (-A), and throws its own error class, without a code. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotCapable'
}

async function readSelf(): Promise<Holder> {
  const boot = (await ifExists(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))) ?? ''
  // A /proc of another namespace shows other processes under the numbers of this one.
  const isOwn = (await ifExists(readlink('/proc/self'))) === String(process.pid)
  const namespace = isOwn ? ((await ifExists(readlink('/proc/self/ns/pid'))) ?? '') : ''
  const inContainer = process.platform === 'linux' && namespace !== INITIAL_NAMESPACE
  const task = isOwn && threadId > 0 ? await ownTask() : undefined
  return {
    pid: process.pid,
    thread: threadId,
    started: isOwn ? ((await processAt(String(process.pid)))?.started ?? '') : '',
    boot: boot.trim(),
    host: inContainer ? '' : hostname(),
    machine: hostname(),
    namespace,
    ...(task && { task }),
  }
}

async function ownTask(): Promise<Task | undefined> {
  // Synchronous: an asynchronous call would run in a thread of the pool.
  const id = readlinkSync('/proc/thread-self').split('/').at(-1) ?? ''
  const started = (await processAt(`${process.pid}/task/${id}`))?.started
  return started === undefined ? undefined : { id, started }
}

/** Tells this thread, and threads that it starts from now on, that a thread of a live process has ended. */
export function threadEnded(thread: number): void {
  setEnvironmentData(ENDED, [...endedThreads(), thread])
}

function endedThreads(): readonly number[] {
  return (getEnvironmentData(ENDED) as readonly number[] | undefined) ?? []
}

/** Examines a holder, whose process numbers mean something only within one boot and PID namespace. */
export async function livenessOf(holder: Holder): Promise<Liveness> {
  const own = await self()
  if (holder.namespace === undefined && process.platform === 'linux') return livenessOfEarlier(holder, own)
  if (!sharesProcesses(holder, own)) return 'unknown'
  if (holder.pid === own.pid && endedThreads().includes(holder.thread)) return 'dead'
  const state = runningState(holder.pid)
  if (state === 'ended') return 'dead'
  const found = await processAt(String(holder.pid))
  if (holder.started !== '' && own.started !== '') {
    // Of processes of other users, /proc may show nothing.
    if (!found) return state === 'foreign' ? 'alive' : 'dead'
    if (found.hasEnded || found.started !== holder.started) return 'dead'
  }
  if (holder.thread === 0) return 'alive'
  if (!holder.task) return 'unknown'
  const task = await processAt(`${holder.pid}/task/${holder.task.id}`)
  return task && !task.hasEnded && task.started === holder.task.started ? 'alive' : 'dead'
}

/** Earlier versions recorded no namespace: their process is found here, or it may live in another namespace. */
async function livenessOfEarlier(holder: Holder, own: Holder): Promise<Liveness> {
  if (holder.boot === '' || holder.boot !== own.boot || holder.started === '' || holder.thread > 0) return 'unknown'
  const found = await processAt(String(holder.pid))
  if (found?.started !== holder.started) return 'unknown'
  return found.hasEnded ? 'dead' : 'alive'
}

function sharesProcesses(holder: Holder, own: Holder): boolean {
  if (holder.boot !== own.boot || holder.namespace !== own.namespace) return false
  if (process.platform === 'linux') return own.boot !== '' && own.namespace !== ''
  return own.host !== '' && holder.host === own.host
}

function runningState(pid: number): 'running' | 'foreign' | 'ended' {
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return isErrno(error, 'EPERM') ? 'foreign' : 'ended'
  }
}

/**
 * Reads fields 3 and 22 of a `stat` file below /proc, the state and the start time. Undefined where there is none: after
 * the end, and on systems other than Linux.
 */
async function processAt(path: string): Promise<{ started: string; hasEnded: boolean } | undefined> {
  const line = await statLine(path)
  const [state = '', ...fields] = line?.split(' ') ?? []
  const started = fields[18]
  // A process that nobody has reaped has ended, too.
  return started === undefined ? undefined : { started, hasEnded: state === 'Z' || state === 'X' }
}

async function statLine(path: string): Promise<string | undefined> {
  try {
    const line = await ifExists(readFile(`/proc/${path}/stat`, 'utf8'))
    return line?.slice(line.lastIndexOf(')') + 2)
  } catch (error) {
    // The process ended between opening and reading.
    if (isErrno(error, 'ESRCH')) return undefined
    throw error
  }
}
