import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { build, type Plugin } from 'esbuild'

/** workerd comes with miniflare. */
const fromMiniflare = createRequire(createRequire(import.meta.url).resolve('miniflare'))
const { default: WORKERD } = fromMiniflare('workerd') as { readonly default: string }
const SQLITE = readFileSync(join('dist', 'worker', 'sql-wasm.wasm'))

/** As wrangler bundles: modules of WebAssembly and bytes stay imports. SQLite is taken as it was built. */
const modules: Plugin = {
  name: 'modules',
  setup({ onResolve }) {
    onResolve({ filter: /\.wasm$/ }, () => ({ path: 'sql-wasm.wasm', external: true }))
    onResolve({ filter: /^snapshot\.db$/ }, ({ path }) => ({ path, external: true }))
    onResolve({ filter: /src\/sql\/sql-js-module\.js$/ }, () => ({
      path: join(process.cwd(), 'dist', 'src', 'sql', 'sql-js-module.js'),
    }))
  },
}

/** A Worker as it is deployed: a folder with its modules and the configuration of workerd. */
export async function deployed(worker: string, snapshot: Uint8Array): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'))
  await build({
    entryPoints: [join('bench', 'edge', 'workers', `${worker}.ts`)],
    outfile: join(folder, 'main.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [modules],
    tsconfigRaw: {},
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'sql-wasm.wasm'), SQLITE)
  writeFileSync(join(folder, 'snapshot.db'), snapshot)
  writeFileSync(join(folder, 'config.capnp'), configuration(worker === 'object' ? STORES : ''))
  mkdirSync(join(folder, 'disk'))
  return folder
}

/** @param bindings what it has besides its modules. */
const configuration = (bindings: string): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "disk", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [
    (name = "main.mjs", esModule = embed "main.mjs"),
    (name = "sql-wasm.wasm", wasm = embed "sql-wasm.wasm"),
    (name = "snapshot.db", data = embed "snapshot.db")
  ],${bindings}
  compatibilityDate = "2026-04-01"
);
`

const STORES = `
  durableObjectNamespaces = [(className = "StoreObject", uniqueKey = "stores", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "STORES", durableObjectNamespace = "StoreObject")],`

/** In ms, from the start of the process. */
export interface ColdStart {
  /** The runtime listens; modules are evaluated. */
  readonly listensMs: number
  /** The first request has its answer. */
  readonly answersMs: number
  /** The time of processors that the process took until then: other programs do not change it much. */
  readonly cpuMs: number
  readonly answer: string
}

/** Starts workerd anew and asks one request. */
export async function coldStart(folder: string, path: string): Promise<ColdStart> {
  const started = performance.now()
  const args = ['serve', join(folder, 'config.capnp'), '--control-fd=3']
  const child = spawn(WORKERD, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  try {
    const port = await portOf(child)
    const listensMs = performance.now() - started
    const answer = await ask(`http://127.0.0.1:${port}${path}`)
    return { listensMs, answersMs: performance.now() - started, cpuMs: cpuMsOf(child.pid), answer }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** What the threads of a process took of processors, where Linux tells. */
function cpuMsOf(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return Number.NaN
  const took = readdirSync(tasks).map((task) => Number.parseInt(readFileSync(`${tasks}/${task}/schedstat`, 'utf8'), 10))
  return took.reduce((sum, ns) => sum + ns, 0) / 1e6
}

/** workerd tells on a pipe of its own where it listens. */
async function portOf({ stdio }: ChildProcess): Promise<number> {
  let told = ''
  for await (const chunk of stdio[3] as Readable) {
    told += chunk
    const port = /"port":(\d+)/.exec(told)?.[1]
    if (port) return Number(port)
  }
  throw new Error(`workerd ended before it listened: ${told}`)
}

async function ask(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, async (response) => {
      const answer = await text(response)
      if (response.statusCode === 200) resolve(answer)
      else reject(new Error(`Expected an answer, got ${response.statusCode}: ${answer}`))
    }).on('error', reject)
  })
}
