import { Miniflare, type MiniflareOptions } from 'miniflare'
import { type BundleOptions, bundle } from './bundle.ts'
import type { Outcome } from './vitest-in-runtime.ts'

export interface WorkerdOptions extends BundleOptions {
  /** `nodejs_compat` unless given: the tests need more than what is tested. */
  readonly compatibilityFlags?: readonly string[]
  /** Compiled WebAssembly modules by the name that the program imports them by. */
  readonly wasm?: Readonly<Record<string, Uint8Array>>
  /** The folder in which Durable Objects and key-value namespaces are kept; in memory unless given. */
  readonly folder?: string
  /** Further bindings and settings of miniflare. */
  readonly settings?: Partial<MiniflareOptions>
}

/**
 * workerd with a bundled program in it. The program's class `Tests` is bound as a Durable Object with SQLite under
 * `TESTS`, a key-value namespace under `KV`.
 * @param entry the program, a path from here.
 */
export async function workerd(entry: string, options: WorkerdOptions = {}): Promise<Miniflare> {
  const { compatibilityFlags = ['nodejs_compat'], wasm = {}, folder, settings, ...bundling } = options
  const conditions = bundling.conditions ?? ['workerd', 'worker']
  const external = [...(bundling.external ?? []), ...Object.keys(wasm)]
  const contents = await bundle(entry, { ...bundling, conditions, external })
  return new Miniflare({
    modules: [
      { type: 'ESModule', path: 'main.mjs', contents },
      ...Object.entries(wasm).map(([path, bytes]) => ({ type: 'CompiledWasm' as const, path, contents: bytes })),
    ],
    compatibilityDate: '2026-04-01',
    compatibilityFlags: [...compatibilityFlags],
    durableObjects: { TESTS: { className: 'Tests', useSQLite: true } },
    kvNamespaces: ['KV'],
    ...(folder === undefined ? {} : { durableObjectsPersist: `${folder}/objects`, kvPersist: `${folder}/kv` }),
    ...settings,
  } as MiniflareOptions)
}

/** Runs the tests of a program in workerd: it answers a request to any path with their outcomes. */
export async function runInWorkerd(entry: string, options: WorkerdOptions = {}): Promise<Outcome[]> {
  const runtime = await workerd(entry, options)
  try {
    const response = await runtime.dispatchFetch('http://tests/')
    const text = await response.text()
    if (!response.ok) throw new Error(`Expected the outcomes of tests, got ${response.status}: ${text}`)
    return JSON.parse(text) as Outcome[]
  } finally {
    await runtime.dispose()
  }
}
