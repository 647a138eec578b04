import { EdgeRuntime } from 'edge-runtime'
import { bundle } from './bundle.ts'
import { globalSqlite, SQLITE, SQLITE_VARIABLE } from './sqlite.ts'
import type { Outcome } from './vitest-in-runtime.ts'

/** Runs the tests of a program in Vercel's edge runtime: it answers a request to any path with their outcomes. */
export async function runInEdgeRuntime(entry: string): Promise<Outcome[]> {
  const bundling = { conditions: ['edge-light'], plugins: [globalSqlite], format: 'iife' } as const
  const initialCode = await bundle(entry, bundling)
  const compiled = await WebAssembly.compile(SQLITE)
  const runtime = new EdgeRuntime({
    initialCode,
    extend: (context) => Object.assign(context, { [SQLITE_VARIABLE]: compiled }),
  })
  const response = await runtime.dispatchFetch('http://tests/')
  const text = await response.text()
  if (!response.ok) throw new Error(`Expected the outcomes of tests, got ${response.status}: ${text}`)
  return JSON.parse(text) as Outcome[]
}
