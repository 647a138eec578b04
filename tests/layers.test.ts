import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What may be imported by what, below src; a name with `type ` before it may be imported as a type only. */
const MAY_IMPORT: { readonly [layer: string]: readonly string[] } = {
  errors: [],
  families: [],
  checks: ['errors'],
  algorithms: ['errors', 'checks'],
  sql: ['errors'],
  persistence: ['errors', 'checks'],
  tables: ['errors', 'families', 'sql'],
  learning: ['errors', 'families', 'checks', 'algorithms', 'sql', 'tables'],
  transfer: ['errors', 'checks', 'algorithms', 'sql', 'tables', 'learning'],
  open: ['errors', 'learning', 'persistence', 'sql', 'transfer'],
  face: [
    'errors',
    'families',
    'checks',
    'algorithms',
    'type learning',
    'type persistence',
    'type open',
    'type transfer',
  ],
  agents: ['errors', 'families', 'checks', 'algorithms', 'type face', 'type learning', 'type tables'],
  runtime: [
    ...['errors', 'families', 'checks', 'algorithms', 'sql', 'persistence', 'tables', 'learning', 'open', 'face'],
    'agents',
  ],
  cli: [
    ...['errors', 'families', 'checks', 'algorithms', 'sql', 'persistence', 'tables', 'learning', 'open', 'face'],
    ...['agents', 'transfer', 'runtime'],
  ],
  inspector: [
    ...[
      'errors',
      'algorithms',
      'type families',
      'type face',
      'type learning',
      'type tables',
      'type transfer',
      'type sql',
    ],
  ],
  names: [
    ...['errors', 'families', 'algorithms', 'type sql', 'type tables', 'type learning', 'persistence', 'face'],
    ...['type runtime', 'type transfer'],
    'agents',
  ],
  'edge-places': ['persistence'],
  'edge-names': ['edge-places', 'names', 'persistence', 'runtime'],
  index: ['names', 'edge-names', 'edge-places', 'persistence', 'runtime'],
  peers: ['errors', 'checks', 'algorithms', 'type names'],
}

/** Who alone knows what. */
const KNOWN_BY: readonly (readonly [what: string, pattern: RegExp, files: RegExp])[] = [
  ['sql.js', /from '(sql\.js|.*sql-js-module\.js)'/, /^runtime\/(browser-engine|node-engine|edge)\.ts$/],
  ['Comlink', /from 'comlink'/, /^face\//],
  ['idb-keyval', /from 'idb-keyval'/, /^persistence\/indexeddb/],
  [
    'the platform',
    /from 'node:/,
    /^(runtime\/node(-host|-link|-place|-wasm)?|persistence\/(claim-holder|durable-files|file|file-claim|file-segment|remains)|cli\/(files|terminal|doctor\/(examination|repair)))\.ts$/,
  ],
  ['commander', /from '(commander|@bomb.sh\/tab.*|cli-.*|picocolors)'/, /^cli\/(program|options|terminal)\.ts$/],
  ['React', /from 'react'/, /^peers\/react\.ts$/],
  ['LangGraph', /from '@langchain\//, /^peers\/langgraph/],
  ['the AI SDK', /from '(ai|@ai-sdk\/.*)'/, /^peers\/ai-sdk/],
  ['Lit', /from 'lit(\/.*)?'/, /^inspector\//],
  ['uPlot', /from 'uplot'/, /^inspector\/chart\.ts$/],
  ['CREATE TABLE', /CREATE (VIRTUAL )?TABLE|CREATE (UNIQUE )?INDEX|CREATE VIEW/, /^sql\/schema\//],
  ['SQL', /[`'"]\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA)\b/, /^((sql|tables)\/|cli\/commands\/query\.ts$)/],
  [
    'timers',
    /\b(setTimeout|setInterval|setImmediate|AbortSignal\.timeout)\b/,
    /^(persistence\/(alarm|memory|file-claim)|runtime\/(browser-link|browser-attempt|face-platform|wanting))\.ts$/,
  ],
  ['chance', /Math\.random|crypto\.(getRandomValues|randomUUID)/, /^runtime\/defaults\.ts$/],
  [
    'the clock',
    /Date\.now|performance\.now|new Date\(\)/,
    /^(runtime\/defaults|persistence\/(claim-holder|file-claim)|peers\/langgraph)\.ts$/,
  ],
]

const src = join(import.meta.dirname, '..', 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string): string => readFileSync(join(src, file), 'utf8')

interface Import {
  readonly to: string
  readonly typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const text = textOf(file)
  const found = text.matchAll(/^(?:import|export)\s(type\s)?(?:[^'"]*?\sfrom\s)?'([^']+)'/gm)
  const later = text.matchAll(/\bimport()\('([^']+)'\)/g)
  return [...found, ...later].flatMap(([, type, path = '']) =>
    path.startsWith('.') && !path.includes('.wasm')
      ? [
          {
            to: relative(src, join(src, dirname(file), path.replace(/\.js$/, '.d.ts'))),
            typeOnly: type?.startsWith('type') ?? false,
          },
        ]
      : [],
  )
}

/** The folder, or the name of a file that lies beside the folders. */
const layerOf = (file: string): string => file.split(/[/.]/)[0] ?? ''

describe.each(files)('%s', (file) => {
  test('imports downwards only', () => {
    const layer = layerOf(file)
    const allowed = MAY_IMPORT[layer]
    expect(allowed, `Layer ${layer} is not in DESIGN section 3`).toBeDefined()
    const upwards = importsOf(file).filter(({ to, typeOnly }) => {
      const target = layerOf(to)
      return target !== layer && !allowed?.includes(target) && !(typeOnly && allowed?.includes(`type ${target}`))
    })
    expect(upwards).toEqual([])
  })

  test('knows only what it may', () => {
    const code = textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const known = KNOWN_BY.filter(([, pattern, who]) => pattern.test(code) && !who.test(file)).map(([what]) => what)
    expect(known).toEqual([])
  })

  test('is at most 300 lines long', () => {
    expect(textOf(file).split('\n').length - 1).toBeLessThanOrEqual(300)
  })
})

test('no file imports itself, not even through others and not even for types', () => {
  const circle = files.map((file) => pathTo(file, file, new Set())).find((path) => path !== undefined)
  expect(circle).toBeUndefined()
})

test.each(['react', 'langgraph', 'ai-sdk'])('the entry %s brings nothing of the store, and no other peer', (peer) => {
  const brought = valuesBroughtBy(`peers/${peer}.ts`)
  const others = ['react', 'langgraph', 'ai-sdk'].filter((other) => other !== peer).join('|')
  const wrong = new RegExp(`^peers/(${others})|^(?!peers/|algorithms/(keys|plain-data)|checks|errors)`)
  expect([...brought].filter((file) => wrong.test(file))).toEqual([])
})

test('the median file is at most 70 lines long, nine of ten at most 150', () => {
  const lengths = files.map((file) => textOf(file).split('\n').length - 1).sort((a, b) => a - b)
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(70)
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(150)
})

/** The file and all that is loaded with it. */
function valuesBroughtBy(file: string, brought: Set<string> = new Set()): Set<string> {
  if (brought.has(file)) return brought
  brought.add(file)
  for (const { to, typeOnly } of importsOf(file)) if (!typeOnly) valuesBroughtBy(to, brought)
  return brought
}

function pathTo(target: string, from: string, seen: Set<string>): string[] | undefined {
  for (const { to } of importsOf(from)) {
    if (to === target) return [from, to]
    if (seen.has(to)) continue
    seen.add(to)
    const rest = pathTo(target, to, seen)
    if (rest) return [from, ...rest]
  }
  return undefined
}
