import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { inject } from 'vitest'
import { type ExampleHarness, exampleContract, type Served } from './example-contract.ts'
import { childNamed, RUNTIMES } from './processes.ts'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { workerd } from './workerd.ts'

const installed = inject('withPackage')
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'edge-function')

exampleContract('workerd', {
  ways: ['its object is evicted', 'its runtime is stopped', 'its runtime is killed'],
  async serve(TOKEN): Promise<Served> {
    const folder = mkdtempSync(join(installed, 'objects-'))
    let logged = ''
    const log = (_: Readable, errors: Readable): void => {
      errors.on('data', (text) => {
        logged += text
      })
    }
    const start = (): ReturnType<typeof workerd> =>
      workerd('programs/evictable-agents.ts', {
        folder,
        compatibilityFlags: [],
        nodePaths: [join(installed, 'node_modules')],
        plugins: [importedSqlite],
        wasm: { [SQLITE_NAME]: SQLITE },
        settings: {
          bindings: { TOKEN },
          durableObjects: { AGENTS: { className: 'EvictableAgent', useSQLite: true } },
          handleRuntimeStdio: log,
        },
      })
    let runtime = await start()
    const address = async (): Promise<string> => String(await runtime.ready)
    return {
      address: await address(),
      async end(way, id) {
        if (way === 'its object is evicted') {
          await runtime.dispatchFetch(`http://example/evict/${id}`).catch(() => {})
          return address()
        }
        if (way === 'its runtime is killed') process.kill(childNamed('workerd'), 'SIGKILL')
        await runtime.dispose().catch(() => {})
        runtime = await start()
        return address()
      },
      async spoil(id) {
        await runtime.dispatchFetch(`http://example/spoil/${id}`).catch(() => {})
        return address()
      },
      // Only the object of that agent is spoilt.
      restore: address,
      logged: () => logged,
      close: () => runtime.dispose(),
    }
  },
})

const STOPPED = 'its process is told to end'
const KILLED = 'its process is killed'

exampleContract(
  'Bun',
  inProcess('Bun', () => ['bun.ts'], [STOPPED, KILLED]),
)
exampleContract(
  'Deno',
  inProcess('Deno', () => ['run', '-A', 'deno.ts'], [STOPPED, KILLED]),
)

// Where Deno may not look for the process that had a store, that counts as alive for 30 s after it was killed.
const confined = (folder: string): readonly string[] => [
  'run',
  '--no-prompt',
  '--allow-env=PORT,TOKEN,STORE',
  '--allow-net=127.0.0.1',
  `--allow-read=${installed}`,
  `--allow-write=${folder}/stores`,
  'deno.ts',
]
exampleContract('Deno without other permissions', inProcess('Deno', confined, [STOPPED]))

function inProcess(
  name: string,
  argumentsIn: (folder: string) => readonly string[],
  ways: readonly string[],
): ExampleHarness {
  const program = RUNTIMES.find((runtime) => runtime.name === name)?.program ?? name
  return {
    ways,
    async serve(TOKEN): Promise<Served> {
      const folder = mkdtempSync(join(installed, 'example-'))
      cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !path.includes('node_modules') })
      const file = join(folder, 'stores', 'agents.db')
      let server: ChildProcess
      let logged = ''
      const start = (): Promise<string> => {
        const env = { ...process.env, TOKEN, PORT: '0', NO_COLOR: '1' }
        server = spawn(program, argumentsIn(folder), { cwd: folder, env, stdio: 'pipe' })
        server.stderr?.on('data', (text) => {
          logged += text
        })
        return addressOf(server)
      }
      const end = async (way: string): Promise<void> => {
        const exited = once(server, 'exit')
        server.kill(way === KILLED ? 'SIGKILL' : 'SIGTERM')
        await exited
      }
      return {
        address: await start(),
        async end(way) {
          await end(way)
          return start()
        },
        async spoil() {
          await end(STOPPED)
          rmSync(`${file}.log`, { recursive: true })
          writeFileSync(file, 'something else')
          return start()
        },
        async restore() {
          await end(STOPPED)
          rmSync(file)
          return start()
        },
        logged: () => logged,
        async close() {
          server.kill('SIGKILL')
        },
      }
    },
  }
}

/** What a server prints when it is ready. */
async function addressOf(server: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on('data', (chunk) => {
        printed += chunk
        const [address] = /http:\/\/[\d.]+:\d+\//.exec(printed) ?? []
        if (address) resolve(address)
      })
    }
    server.on('exit', () => reject(new Error(`The server ended: ${printed}`)))
  })
}
