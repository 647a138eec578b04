import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import * as node from '../../src/entry/node.ts'
import { blocksOf, type CodeBlock, commandsOf, examplesOf } from './code-blocks.ts'
import { isForPages, typeErrors, writeModules } from './modules.ts'

const root = join(import.meta.dirname, '..', '..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .toSorted()

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'llms.txt',
  ...filesIn('docs', '.md'),
  ...filesIn('examples', '.md'),
]
const blocks = documents.flatMap((path) => blocksOf(path, textOf(path)))
const examples = filesIn('src', '.ts').flatMap((path) => examplesOf(path, textOf(path)))
const titled = (all: readonly CodeBlock[]): [string, CodeBlock][] =>
  all.map((block) => [`${block.path}:${block.line}`, block])

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'documentation-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  process.chdir(root)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const modules = writeModules(
  [...blocks, ...examples].filter(({ language }) => /^(m?[jt]s|tsx)$/.test(language)),
  Object.keys(node),
)
const moduleFolder = dirname(modules[0]?.file ?? '')
folders.push(moduleFolder)

test('every example of a docstring is a block of TypeScript', () => {
  expect(examples.filter(({ language }) => !/^tsx?$/.test(language))).toEqual([])
})

test.each(documents)('no block of %s is overlooked', (path) => {
  const fences = textOf(path).match(/^\s*(```|~~~)/gm) ?? []
  expect(fences).toHaveLength(2 * blocks.filter((block) => block.path === path).length)
})

test('every block that does not run says why', () => {
  expect(titled(blocks.filter(({ runs, reason }) => !runs && reason === undefined))).toEqual([])
  const inNode = modules.filter(
    ({ block }) =>
      !block.runs && block.path.startsWith('docs/') && !/page|Durable Object|bundle/.test(block.reason ?? ''),
  )
  expect(inNode.map(({ block }) => block.path)).toEqual([])
})

test.each(titled(blocks.filter(({ language }) => /^m?js$/.test(language))))(
  '%s is JavaScript that the oldest supported Node parses',
  (_, { code }) => {
    const file = join(newFolder(), 'block.mjs')
    writeFileSync(file, code)
    // `using` declarations came with Node 24, and the tests may run on that.
    expect(code).not.toMatch(/^\s*(await )?using /m)
    expect(() => execFileSync(process.execPath, ['--check', file], { stdio: 'pipe' })).not.toThrow()
  },
)

test('every block of TypeScript and JavaScript compiles', async () => {
  expect(modules.length).toBeGreaterThan(10)
  expect(await typeErrors(modules, moduleFolder)).toEqual([])
})

/** A block of the language `console` shows the runs of the block before it, and what they print. */
const shown = blocks.flatMap((block, i) => {
  const source = blocks[i - 1]
  return block.language === 'console' && source ? [[`${source.path}:${source.line}`, source, block] as const] : []
})

const runnable = modules.filter(
  ({ block }) =>
    block.runs && block.language !== 'tsx' && !isForPages(block) && shown.every(([, source]) => source !== block),
)

describe('runs in Node', () => {
  test.each(runnable.map(({ block, file }) => [`${block.path}:${block.line}`, file] as const))(
    '%s',
    async (_, file) => {
      for (const name of ['AQE_DB_PATH', 'LEARNING_STORE']) delete process.env[name]
      const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
      process.chdir(newFolder())
      try {
        await import(/* @vite-ignore */ file)
      } finally {
        process.chdir(root)
        printed.mockRestore()
      }
    },
  )
})

test('the README shows what its first example prints', () => {
  expect(shown[0]?.[1]).toBe(blocks.find(({ language }) => language === 'js'))
})

test.each(shown)(
  '%s prints what is shown below it, pasted into a file beside the built package',
  async (_, source, output) => {
    expect(existsSync(join(root, 'dist', 'src', 'entry', 'node.js')), 'Run `npm run build` first').toBe(true)
    const folder = newFolder()
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules', 'learning-store'))
    const runs = output.code.split(/^\$ node /m).slice(1)
    expect(runs.length).toBeGreaterThan(0)
    for (const run of runs) {
      const [name = '', ...lines] = run.split('\n')
      writeFileSync(join(folder, name), source.code)
      const { stdout } = await promisify(execFile)(process.execPath, [name], { cwd: folder })
      expect(stdout).toBe(lines.join('\n'))
    }
  },
)

const shell = [...blocks, ...examples].filter(({ language }) => /^(ba|z)?sh$/.test(language))

test.each(titled(shell))('the commands of %s exist', (_, block) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { readonly [name: string]: string } }
  for (const command of commandsOf(block)) {
    const [, script, short] = /^npm (?:run ([\w:-]+)|(start|test)\b)/.exec(command) ?? []
    if (script ?? short) expect(scripts, command).toHaveProperty([script ?? short ?? ''])
    const [, words] = /^(?:npx )?learning-store (.*)$/.exec(command) ?? []
    const isCommand = COMMANDS.some(({ name }) => words === name || words?.startsWith(`${name} `))
    if (words !== undefined) expect(isCommand, command).toBe(true)
    const [, file] = /^node (\S+)/.exec(command) ?? []
    if (file !== undefined) expect(existsSync(join(root, file)), command).toBe(true)
  }
})

const maps = blocks.filter(({ code }) => code.includes('type="importmap"'))

test.each(titled(maps))('the import map in %s names files that exist', (_, { code }) => {
  const [, json = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(code) ?? []
  const { imports } = JSON.parse(json) as { imports: { readonly [specifier: string]: string } }
  const paths = Object.values(imports).map((path) =>
    path.replace(/^\/node_modules\/learning-store\/dist\/(.*)\.js$/, '/$1.ts'),
  )
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
