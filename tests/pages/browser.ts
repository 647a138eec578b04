import { join } from 'node:path'
import type { OrderBook } from './order-book.ts'

/** A browser with a profile of its own that outlives it. */
export interface Browser {
  open(url: string): Promise<Page>
  /** Ends all its processes at one blow; a browser that has ended already stays so. */
  kill(): Promise<void>
  close(): Promise<void>
  /** Resolves when it has ended, however. */
  readonly ended: Promise<unknown>
}

export interface Page {
  /**
   * Runs a function in the page, by its text: it sees its arguments and what is global there, nothing else. Arguments
   * and the answer travel as JSON.
   */
  run<A extends readonly unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
}

/** @param orders what a browser without a driver is told what to do by. */
export type Launch<B extends Browser = Browser> = (profile: string, orders: OrderBook) => Promise<B>

/** How long a browser may take for one step on a busy machine, in ms. */
export const STEP_MS = 120_000

/** Where a browser leaves what it leaves behind when it is killed. */
export function environmentIn(profile: string): { [name: string]: string } {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(inherited), TMPDIR: join(profile, 'tmp') }
}

/** An expression for the answer of a call, as JSON. */
export function callOf(work: (...args: never[]) => unknown, args: readonly unknown[]): string {
  return `(async () => JSON.stringify({ value: await (${work})(...${JSON.stringify(args)}) }))()`
}

export function answerOf(json: unknown): never {
  return (JSON.parse(String(json)) as { value: never }).value
}
