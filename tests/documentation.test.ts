import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type AsyncStore, openLearningStore } from '../src/entry/node.ts'

const root = join(import.meta.dirname, '..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const FOLDERS = ['.', '.changeset', 'docs', 'examples', 'bench', 'demo']
const documents: readonly string[] = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => (path.endsWith('.md') || path === 'llms.txt') && !path.includes('node_modules'))

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')

/** What a heading can be linked by, as GitHub does it. */
const anchorsOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

function linksOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

function isBroken(link: string, from: string): boolean {
  if (/^[a-z]+:/.test(link)) return false
  const [path = '', anchor] = link.split('#')
  const to = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, to))) return true
  return anchor !== undefined && !anchorsOf(textOf(to)).includes(anchor)
}

/** The cells of the first column of a table, without its head. */
function rowsOf(section: string): string[] {
  return [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, cell = '']) => cell)
}

function sectionOf(heading: string): string {
  return textOf('README.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
}

test.each(documents)('the links of %s lead to files and headings that are there', (document) => {
  expect(linksOf(textOf(document)).filter((link) => isBroken(link, document))).toEqual([])
})

test('the README has a row for each code of the closed list, in its order, and for nothing else', () => {
  const [, list = ''] = /export type StoreErrorCode =([\s\S]*?)\n\n/.exec(textOf('src/errors.ts')) ?? []
  const codes = [...list.matchAll(/\| '([A-Z_]+)'/g)].map(([, code = '']) => code)
  expect(codes).toContain('INVALID_ARGUMENT')
  expect(rowsOf(sectionOf('Errors'))).toEqual(codes)
})

test('the README says what it is in five lines, and is short', () => {
  const [, introduction = ''] = textOf('README.md').split('\n\n')
  expect(introduction.split('\n').length).toBeLessThanOrEqual(5)
  expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(360)
})

test('the first example of the README has twelve lines and does what it says', async () => {
  const [, example = ''] = /```ts\n([\s\S]*?)\n```/.exec(sectionOf('In twelve lines')) ?? []
  expect(example.split('\n')).toHaveLength(12)
  let store: AsyncStore | undefined
  const open = async (options: { readonly storage: string }): Promise<AsyncStore> => {
    expect(options).toEqual({ storage: 'file:learning.db' })
    store = await openLearningStore({ storage: 'memory:', seed: 1 })
    return store
  }
  const said: unknown[] = []
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...text: string[]
  ) => (...given: unknown[]) => Promise<void>
  // Node 20 knows no `await using`, and a function no `import`.
  const body = example.replace(/^import .*$/m, '').replace('await using', 'const')
  const run = new AsyncFunction('openLearningStore', 'carryOut', 'console', body)
  await run(open, async () => 1, { log: (recommendation: unknown) => said.push(recommendation) })
  expect(said).toMatchObject([{ confidence: expect.any(Number), alternatives: expect.any(Array) }])
  expect(await store?.experiences.count()).toBe(1)
  await store?.close()
})

test('llms.txt is a title, a summary, and lists of links to all that is documented', () => {
  const text = textOf('llms.txt')
  expect(text).toMatch(/^# learning-store\n\n> .+\n\n/)
  const sections = text.split(/^## .*$/m).slice(1)
  for (const line of sections.join('').split('\n').filter(Boolean))
    expect(line).toMatch(/^- \[[^\]]+\]\([^)]+\)(: .+)?$/)
  expect(linksOf(text)).toEqual(expect.arrayContaining(documents.filter((path) => path.startsWith('docs/'))))
})

test('the newest entry of the changelog is the version of the package', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string }
  expect(/^## (.*)$/m.exec(textOf('CHANGELOG.md'))?.[1]).toBe(version)
})
