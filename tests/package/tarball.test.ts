import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { publint } from 'publint'
import { describe, expect, inject, test } from 'vitest'
import { run, tool } from './fresh-project.ts'

interface Manifest {
  readonly bin: { readonly [name: string]: string }
  readonly exports: Targets
  readonly dependencies: { readonly [name: string]: string }
  readonly peerDependencies: { readonly [name: string]: string }
}
type Targets = string | { readonly [condition: string]: Targets }

const MOST_BYTES = 1_750_000

const installed = join(inject('project'), 'node_modules', 'learning-store')
const files = inject('packed').files.map(({ path }) => path)
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
const textOf = (file: string): string => readFileSync(join(installed, file), 'utf8')
const without = (known: RegExp): string[] => files.filter((file) => !known.test(file))

function targetsOf(targets: Targets): string[] {
  return typeof targets === 'string' ? [targets] : Object.values(targets).flatMap(targetsOf)
}

test('the tarball holds modules, their types, workers, SQLite and what one reads, and nothing of how they are made', () => {
  const modules = /^dist\/(src\/.+|worker\/(shared|dedicated|node|standalone))\.(js|d\.ts)$/
  const chunks = /^dist\/worker\/[\w-]+-[\w-]{8}\.js$/
  const rest =
    /^((LICENSE|llms\.txt|package\.json|(README|CHANGELOG|CONTRIBUTING|docs\/[\w-]+)\.md)|dist\/worker\/(LICENSES\.txt|sql-wasm\.wasm(\.d\.ts)?))$/
  const examples = /^examples\/((ai-sdk|langgraph)\.ts|(edge-function|opentelemetry|react)\/[\w.-]+)$/
  expect(without(new RegExp([modules, chunks, examples, rest].map(({ source }) => source).join('|')))).toEqual([])
  expect(files.filter((file) => /\.(map|test\.\w+)$/.test(file))).toEqual([])
  expect(files.filter((file) => /^\/\/# sourceMappingURL/m.test(textOf(file)))).toEqual([])
})

test('what its documents link to is there, pictures aside', () => {
  const links = files
    .filter((file) => /\.md$|^llms\.txt$/.test(file))
    .flatMap((file) =>
      [...textOf(file).matchAll(/(?<!!\[[^\]]*)\]\((?![a-z]+:|#)([^)\s#]+)/g)].map(([, to = '']) =>
        join(dirname(file), to),
      ),
    )
  expect(links.filter((path) => !files.includes(path) && !files.some((file) => file.startsWith(path)))).toEqual([])
})

test(`it has less than ${MOST_BYTES / 1e6} MB`, () => {
  expect(inject('packed').bytes).toBeLessThan(MOST_BYTES)
})

test('what its manifest names is there, and its program can be run', async () => {
  const named = [...targetsOf(manifest.exports), ...Object.values(manifest.bin)].map((path) =>
    path.replace(/^\.\//, ''),
  )
  expect(named.filter((path) => !files.includes(path))).toEqual([])
  for (const path of Object.values(manifest.bin)) {
    expect(inject('packed').files.find((file) => file.path === path)?.mode).toBe(0o755)
  }
  expect(await run(inject('project'), join('node_modules', '.bin', 'learning-store'), '--help')).toContain(
    'Usage: learning-store',
  )
})

test('without the MCP SDK its command mcp ends with 1, and says how to install it', async () => {
  const command = join('node_modules', '.bin', 'learning-store')
  const ended = run(inject('project'), command, 'mcp', '--storage', 'file:none.db')
  const stderr = expect.stringContaining('npm install @modelcontextprotocol/sdk')
  await expect(ended).rejects.toMatchObject({ cause: { code: 1, stderr } })
})

describe('each of its modules', () => {
  const modules = files.filter((file) => /^dist\/.*\.(js|ts)$/.test(file))

  test('finds the files that it imports', () => {
    expect(modules.flatMap((file) => missing(file, /(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g))).toEqual([])
  })

  test('finds the workers and SQLite beside it', () => {
    expect(modules.flatMap((file) => missing(file, /new URL\(["']([^"']+)["'], ?import\.meta\.url\)/g))).toEqual([])
  })

  test('imports no package that is not installed with it or asked for', () => {
    const known = [
      ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      ...builtinModules.map((name) => `node:${name}`),
      'cloudflare:workers',
    ]
    const imported = modules.flatMap((file) =>
      [...textOf(file).matchAll(/^(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^.'][^']*)'/gm)].map(
        ([, name = '']) => name,
      ),
    )
    const isKnown = (name: string): boolean => known.some((one) => name === one || name.startsWith(`${one}/`))
    expect(imported.filter((name) => !isKnown(name))).toEqual([])
  })

  /** The paths that a file names and that are not there; in types `.ts` stands for `.d.ts`. */
  function missing(file: string, named: RegExp): string[] {
    return [...textOf(file).matchAll(named)]
      .map(([, path = '']) => join(dirname(file), path.split('?')[0] ?? ''))
      .flatMap((path) =>
        file.endsWith('.d.ts') ? path.replace(/(?<!\.d)\.ts$/, '.d.ts').replace(/\.js$/, '.d.ts') : path,
      )
      .filter((path) => !files.includes(path))
      .map((path) => `${path} of ${file}`)
  }
})

test('publint has nothing to say', async () => {
  const tarball = readFileSync(inject('packed').path)
  const { messages } = await publint({ pack: { tarball: Uint8Array.from(tarball).buffer }, strict: true })
  expect(messages).toEqual([])
})

test('arethetypeswrong finds every entry typed for modules, in Node and in bundlers', async () => {
  // The profile leaves out what cannot have ES modules, `require` and the resolution of Node 10: the package has nothing else.
  const options = ['--profile', 'esm-only', '--format', 'ascii']
  const told = await run(inject('project'), tool('.bin', 'attw'), inject('packed').path, ...options)
  for (const entry of Object.keys(manifest.exports)) expect(told).toContain(`"${join('learning-store', entry)}"`)
})
