import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ACCESS_LEVELS, PERMISSIONS } from '../src/algorithms/access.ts'
import { ALGORITHMS } from '../src/algorithms/algorithms.ts'
import { FEATURE_KINDS } from '../src/algorithms/features/feature-kinds.ts'
import { ESTIMATORS } from '../src/algorithms/off-policy.ts'
import { POLICIES } from '../src/algorithms/policies.ts'
import { LEARNING_RATE_SCHEDULES } from '../src/algorithms/step-sizes.ts'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { OPERATIONS } from '../src/protocol/calls.ts'
import { CONFIGURATION_FIELDS } from '../src/tables/learner-configuration.ts'
import { EXPORT_FORMATS, IMPORT_FORMATS } from '../src/transfer/job.ts'

const root = join(import.meta.dirname, '..')
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const FOLDERS = ['.', '.changeset', 'docs', 'examples', 'bench', 'demo']
const documents: readonly string[] = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => (path.endsWith('.md') || path === 'llms.txt') && !path.includes('node_modules'))

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')

/** The anchors of the headings, as GitHub makes them. */
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

test.each(documents)('the links of %s lead to files and headings that exist', (document) => {
  expect(linksOf(textOf(document)).filter((link) => isBroken(link, document))).toEqual([])
})

test('docs/errors.md has a row for each code of the closed list, in its order, and for nothing else', () => {
  const [, list = ''] = /export type StoreErrorCode =([\s\S]*?)\n\n/.exec(textOf('src/errors.ts')) ?? []
  const codes = [...list.matchAll(/\| '([A-Z_]+)'/g)].map(([, code = '']) => code)
  expect(codes).toContain('INVALID_ARGUMENT')
  expect(rowsOf(textOf('docs/errors.md'))).toEqual(codes)
})

test('the README begins with what it is, how to install it and an example, and is short', () => {
  const [first = '', second = ''] = textOf('README.md').split('\n\n').slice(1)
  expect(first.match(/\.(?=\s|$)/g)).toHaveLength(1)
  expect(second).toBe('```sh\nnpm install learning-store\n```')
  expect(textOf('README.md').indexOf('```js\nimport ')).toBeLessThan(500)
  expect(textOf('README.md').split(/\s+/).length).toBeLessThanOrEqual(4_900)
})

test('the table of the API in the README names only collections, groups and methods that exist', () => {
  const operations = new Map(Object.entries(OPERATIONS).map(([path, kinds]) => [path, Object.keys(kinds)]))
  const rows = sectionOf('API').matchAll(/^\| `(?:store\.)?([a-zA-Z.]+)(?:\(caller\))?`[^|]*\| (.*) \|$/gm)
  const unknown = [...rows].flatMap(([, path = '', cell = '']) => {
    const groups = [...operations.keys()].filter((key) => key.startsWith(`${path}.`)).map((key) => key.split('.')[1])
    const known = [...(operations.get(path) ?? []), ...groups]
    const named = [...cell.matchAll(/`([a-zA-Z]+)(?:\([^`]*\))?`/g)].map(([, name = '']) => name)
    return operations.has(path) ? named.filter((name) => !known.includes(name)).map((name) => `${path}.${name}`) : []
  })
  expect(unknown).toEqual([])
})

test.each([
  ['docs/agents.md', [...ALGORITHMS, ...POLICIES, ...LEARNING_RATE_SCHEDULES, ...ESTIMATORS]],
  ['docs/agents.md', Object.keys(CONFIGURATION_FIELDS)],
  ['docs/learners.md', FEATURE_KINDS],
  ['docs/memory-and-fleet.md', [...ACCESS_LEVELS, ...PERMISSIONS]],
  ['docs/transfer.md', [...IMPORT_FORMATS, ...EXPORT_FORMATS]],
  ['docs/cli.md', EXPORT_FORMATS],
])('%s names everything in a closed list: %j', (document, names) => {
  const named = new Set([...textOf(document).matchAll(/`([\w-]+)`/g)].map(([, name]) => name))
  expect(names.filter((name) => !named.has(name))).toEqual([])
})

test('docs/cli.md has every command', () => {
  const cells = [...textOf('docs/cli.md').matchAll(/`([a-z]+(?: [a-z]+)?)[^`]*`/g)].map(([, command = '']) => command)
  const isThere = (name: string): boolean => cells.some((cell) => cell === name || cell.startsWith(`${name} `))
  expect(COMMANDS.map(({ name }) => name).filter((name) => !isThere(name))).toEqual([])
})

/** The paths in backticks: those with a folder, or with the ending of a file. */
function pathsIn(text: string): string[] {
  const names = [...withoutCode(text).matchAll(/`([\w.@*-]+(?:\/[\w.@*-]+)*\/?)`/g)].map(([, name = '']) => name)
  return names.filter((name) =>
    /^(\.ci|\.changeset|\.github|bench|demo|docs|examples|scripts|src|tests|worker)\/|\.(ts|mjs|md|json)$/.test(name),
  )
}

/** Whether a path leads somewhere; `*` stands for any name, or a part of one. */
function leadsSomewhere(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(root, path))
  const folder = dirname(path.slice(0, path.indexOf('*') + 1))
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
  if (!existsSync(join(root, folder))) return false
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).some((name) =>
    pattern.test(join(folder, name)),
  )
}

test.each(['CONTRIBUTING.md', 'docs/design.md'])('every path that %s names exists', (document) => {
  const paths = pathsIn(textOf(document))
  expect(paths.length).toBeGreaterThan(5)
  expect(paths.filter((path) => !leadsSomewhere(path))).toEqual([])
})

/** Names of other programs' options. */
const FOREIGN_NAMES = ['isCustomElement', 'onMounted', 'optimizeDeps', 'serverExternalPackages', 'shallowRef']

const ofThisPackage = documents.filter(
  (path) => /^(docs|README|CONTRIBUTING|llms)/.test(path) && !/(origins|comparison)\.md$/.test(path),
)

const sources = ['src', 'tests'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('documentation'))
    .map((name) => textOf(join(folder, name))),
)
const known = new Set(sources.join('\n').match(/[A-Za-z]\w*/g))

test.each(ofThisPackage)('every name in camelCase that %s has in code occurs in the sources', (document) => {
  const code = [...withoutCode(textOf(document)).matchAll(/`([^`]+)`/g)].map(([, text = '']) => text).join('\n')
  const names = (code.match(/[A-Za-z]\w*/g) ?? []).filter((name) => /[a-z][A-Z]/.test(name))
  expect(names.filter((name) => !known.has(name) && !FOREIGN_NAMES.includes(name))).toEqual([])
})

test('llms.txt is a title, a summary, and lists of links to all documents', () => {
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
