import { open } from 'node:fs/promises'
import { isMainThread, Worker } from 'node:worker_threads'
import { isErrno } from './durable-files.ts'

const DIGITS = 12

/** Encodes a lease file with its counter at the end, where it can be overwritten in place. */
export function encodeWithBeats(file: object): string {
  return JSON.stringify({ ...file, beats: counter(0) })
}

function counter(beats: number): string {
  return String(beats).padStart(DIGITS, '0')
}

/** The thread that beats for a store in a worker thread, which may be busy for longer than a holder may be silent. */
const BEATING = `
const { closeSync, fstatSync, openSync, writeSync } = require('node:fs')
const { path, everyMs } = require('node:worker_threads').workerData
let beats = 0
setInterval(() => {
  let file
  try {
    file = openSync(path, 'r+')
    writeSync(file, String(++beats).padStart(${DIGITS}, '0'), fstatSync(file).size - ${DIGITS + 2})
  } catch (error) {
    if (error.code === 'ENOENT') process.exit()
  } finally {
    if (file !== undefined) closeSync(file)
  }
}, everyMs)`

/**
 * Increments the counter in a lease file regularly, for openers that cannot examine its holder. It writes in place and
 * never creates the file: another writer takes the lease over by removing it.
 */
export class Heartbeat {
  readonly #path: string
  readonly #everyMs: number
  #beats = 0
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> = Promise.resolve()
  #thread: Worker | undefined

  constructor(path: string, everyMs: number) {
    this.#path = path
    this.#everyMs = everyMs
    if (isMainThread) this.#start()
    else this.#startThread()
  }

  /** Stops it. Afterwards nothing writes to the file. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  #startThread(): void {
    const workerData = { path: this.#path, everyMs: this.#everyMs }
    this.#thread = new Worker(BEATING, { eval: true, workerData, execArgv: [], stdin: false })
    this.#thread.unref()
    // Where no thread can be started, this one beats when it is not busy.
    this.#thread.once('error', () => {
      if (this.#thread) this.#start()
    })
  }

  #start(): void {
    this.#timer = setInterval(() => {
      this.#beating = this.#beat()
    }, this.#everyMs).unref()
  }

  async #beat(): Promise<void> {
    try {
      const file = await open(this.#path, 'r+')
      try {
        const { size } = await file.stat()
        await file.write(counter(++this.#beats), size - DIGITS - 2)
      } finally {
        await file.close()
      }
    } catch (error) {
      // If the file is gone, the next write reports it. After another failure the next beat tries again.
      if (isErrno(error, 'ENOENT')) clearInterval(this.#timer)
    }
  }
}
