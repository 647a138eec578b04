import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compare } from '../bench/baseline.ts'
import { VERSION } from '../src/version.ts'

interface Manifest {
  readonly version: string
  readonly keywords: readonly string[]
  readonly author: string
  readonly homepage: string
  readonly repository: { readonly type: string; readonly url: string }
  readonly bugs: { readonly url: string }
  readonly engines: { readonly node: string }
  readonly scripts: { readonly [name: string]: string }
}

const root = join(import.meta.dirname, '..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(textOf('package.json')) as Manifest
const workflow = textOf('.github/workflows/ci.yml')

/** All files in a folder and in the folders below it, except installed packages. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(relative(root, entry.parentPath), entry.name))
}

describe('package.json', () => {
  test('names its author and some keywords, each once', () => {
    expect(manifest.author).toBe('The learning-store authors')
    expect(manifest.keywords.length).toBeGreaterThan(5)
    expect(new Set(manifest.keywords).size).toBe(manifest.keywords.length)
  })

  test('has the version that the program and exported files name', () => {
    expect(VERSION).toBe(manifest.version)
  })

  test('has the version that the example of an edge function asks for', () => {
    const { dependencies } = JSON.parse(textOf('examples/edge-function/package.json')) as { dependencies: object }
    expect(dependencies).toEqual({ 'learning-store': manifest.version })
  })

  test('has one address, from which the repository, the home page and the issues follow', () => {
    const [, address = ''] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w.-]+)\.git$/.exec(manifest.repository.url) ?? []
    expect(address).not.toBe('')
    expect(manifest.repository.type).toBe('git')
    expect(manifest.homepage).toBe(`${address}#readme`)
    expect(manifest.bugs).toEqual({ url: `${address}/issues` })
  })

  test('is the only file in which the owner of the repository is named', () => {
    const [, owner = ''] = /github\.com\/([\w-]+)\//.exec(manifest.repository.url) ?? []
    expect(owner).not.toBe('')
    const documents = readdirSync(root).filter((name) => name.endsWith('.md') || name === 'llms.txt')
    const folders = ['.github', 'bench', 'demo', 'docs', 'examples', 'scripts', 'src', 'tests', 'worker']
    const files = [...documents, ...folders.flatMap(filesIn)].filter((file) => /\.(md|txt|yml|m?js|tsx?)$/.test(file))
    expect(files.filter((file) => textOf(file).includes(owner))).toEqual([])
  })
})

describe('the workflow', () => {
  test('runs the gate of this repository on Node 20 and 24, in Debian', () => {
    expect(workflow).toMatch(/^ +node: \[20, 24\]$/m)
    expect(workflow).toMatch(/^ +image: node:\$\{\{ matrix\.node \}\}-bookworm$/m)
    expect(workflow).toMatch(/^ +- run: \.ci\/run$/m)
    expect(existsSync(join(root, '.ci', 'run'))).toBe(true)
  })

  test('may only read, and gives way to a newer run', () => {
    expect(workflow).toMatch(/^permissions:\n {2}contents: read$/m)
    expect(workflow).not.toMatch(/: write$/m)
    expect(workflow).toMatch(/^ +cancel-in-progress: true$/m)
  })

  test('begins with the oldest Node that the package supports, which .nvmrc names too', () => {
    const [, oldest = ''] = /^>=(\d+)/.exec(manifest.engines.node) ?? []
    expect(textOf('.nvmrc').trim()).toBe(oldest)
    expect(/node: \[(\d+),/.exec(workflow)?.[1]).toBe(oldest)
  })
})

test.each(['README.md', 'CONTRIBUTING.md'])('every script that %s names is one of package.json', (document) => {
  const named = [...textOf(document).matchAll(/npm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)]
  const scripts = named.map(([, script, short]) => script ?? short ?? '')
  expect(scripts.length).toBeGreaterThan(2)
  expect(scripts.filter((script) => manifest.scripts[script] === undefined)).toEqual([])
})

test('every project of vitest has a script of its own', () => {
  const projects = [...textOf('vite.config.ts').matchAll(/\bname: '(\w+)'/g)].map(([, name]) => name)
  expect(projects).toHaveLength(5)
  const scripts = Object.values(manifest.scripts)
  expect(projects.filter((project) => !scripts.includes(`node scripts/test.mjs ${project}`))).toEqual([])
})

describe('the check of the benchmark', () => {
  const passes = (ratio: number): boolean =>
    compare(new Map([['read', ratio]]), new Map([['read', 2]]))[0]?.passed === true

  test('passes a ratio up to 25 % worse than the stored one, and no other', () => {
    expect([0.5, 2, 2.5].filter(passes)).toEqual([0.5, 2, 2.5])
    expect([2.51, 8, Number.NaN].filter(passes)).toEqual([])
  })

  test('fails for a row that is not stored, and for a stored one that was not measured', () => {
    const found = compare(new Map([['new', 1]]), new Map([['old', 1]]))
    expect(found.map(({ operation, passed }) => [operation, passed])).toEqual([
      ['new', false],
      ['old', false],
    ])
  })

  test('has a stored ratio, a positive number, for every row', () => {
    const ratios = Object.values(JSON.parse(textOf('bench/baseline.json')) as Record<string, unknown>)
    expect(ratios.length).toBeGreaterThan(10)
    expect(ratios.filter((ratio) => typeof ratio !== 'number' || !(ratio > 0))).toEqual([])
  })
})
