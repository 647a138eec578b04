import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * The layers from below: a folder of `src/`, or a file beside the folders, may import what stands above it in this list and is
 * named; a name with `type ` before it only as a type.
 */
const CORE = [
  'version',
  'errors',
  'collections',
  'json-value',
  'experience-fields',
  'times',
  'limits',
  'checks',
  'algorithms',
  'sql',
  'persistence',
  'tables',
  'learning',
  'transfer',
]
const MAY_IMPORT: { readonly [layer: string]: readonly string[] } = {
  version: [],
  errors: [],
  collections: [],
  'json-value': [],
  'experience-fields': ['json-value'],
  times: [],
  limits: ['errors'],
  checks: ['errors', 'times', 'limits'],
  algorithms: ['errors', 'json-value', 'checks'],
  sql: ['errors', 'limits'],
  persistence: ['errors', 'checks'],
  tables: ['errors', 'collections', 'json-value', 'experience-fields', 'times', 'algorithms', 'sql'],
  learning: [
    'errors',
    'collections',
    'json-value',
    'experience-fields',
    'times',
    'limits',
    'checks',
    'algorithms',
    'sql',
    'tables',
  ],
  transfer: [
    'version',
    'errors',
    'json-value',
    'experience-fields',
    'times',
    'limits',
    'checks',
    'algorithms',
    'sql',
    'tables',
    'learning',
  ],
  open: ['errors', 'learning', 'persistence', 'sql', 'transfer'],
  protocol: [
    'errors',
    'collections',
    'checks',
    'algorithms',
    ...typesOf('learning', 'open', 'persistence', 'transfer'),
  ],
  host: [
    'errors',
    'collections',
    'json-value',
    'checks',
    'protocol',
    ...typesOf('learning', 'persistence', 'open', 'transfer'),
  ],
  client: [
    'errors',
    'collections',
    'json-value',
    'limits',
    'checks',
    'algorithms',
    'protocol',
    ...typesOf('host', 'learning', 'persistence', 'open', 'transfer'),
  ],
  agents: [
    'errors',
    'collections',
    'json-value',
    'times',
    'checks',
    'algorithms',
    ...typesOf('client', 'learning', 'tables', 'protocol'),
  ],
  'json-schema': ['errors', 'json-value', 'checks'],
  http: [
    'version',
    'errors',
    'json-value',
    'checks',
    'json-schema',
    'algorithms',
    'tables',
    'learning',
    ...typesOf('client'),
  ],
  mcp: ['version', 'errors', 'json-value', 'checks', 'json-schema', 'algorithms', 'learning', ...typesOf('client')],
  inspector: [
    'errors',
    'json-value',
    'experience-fields',
    'algorithms',
    ...typesOf('collections', 'client', 'learning', 'tables', 'transfer', 'sql', 'protocol'),
  ],
  runtime: [...CORE, 'open', 'protocol', 'host', 'client', 'agents', 'json-schema', 'http', 'mcp'],
  entry: [...CORE, 'open', 'protocol', 'host', 'client', 'agents', 'json-schema', 'http', 'mcp', 'runtime'],
  cli: [...CORE, 'open', 'protocol', 'host', 'client', 'agents', 'json-schema', 'http', 'mcp', 'runtime'],
  integrations: ['errors', 'json-value', 'checks', 'algorithms', ...typesOf('entry', 'inspector')],
}

function typesOf(...layers: readonly string[]): string[] {
  return layers.map((layer) => `type ${layer}`)
}

/** Which folders alone know what. */
const KNOWN_BY: readonly (readonly [what: string, pattern: RegExp, folders: RegExp])[] = [
  ['sql.js', /from '(sql\.js|.*sql-js-module\.js)'/, /^runtime\//],
  ['Comlink', /from 'comlink'/, /^(protocol|host|client)\//],
  ['idb-keyval', /from 'idb-keyval'/, /^persistence\/indexeddb\//],
  ['the platform', /from 'node:/, /^(runtime\/node|persistence\/file|cli)\//],
  ['commander', /from '(commander|@bomb.sh\/tab.*|cli-.*|picocolors)'/, /^cli\//],
  ['the HTTP adapter', /from '@remix-run\//, /^runtime\/node\/server\//],
  ['the MCP SDK', /from '@modelcontextprotocol\//, /^(mcp\/server\/|entry\/mcp\.ts)/],
  ['React', /from 'react'/, /^integrations\/react\//],
  ['LangGraph', /from '@langchain\//, /^integrations\/langgraph\//],
  ['the AI SDK', /from '(ai|@ai-sdk\/.*)'/, /^integrations\/ai-sdk\//],
  ['Lit', /from 'lit(\/.*)?'/, /^inspector\//],
  ['uPlot', /from 'uplot'/, /^inspector\/components\//],
  ['CREATE TABLE', /CREATE (VIRTUAL )?TABLE|CREATE (UNIQUE )?INDEX|CREATE VIEW/, /^sql\/schema\//],
  ['SQL', /[`'"]\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA)\b/, /^(sql|tables|cli\/commands)\//],
  ['timers', /\b(setTimeout|setInterval|setImmediate|AbortSignal\.timeout)\b/, /^(persistence|runtime)\//],
  // Encryption makes keys, nonces and salts, which no caller may choose and no replay repeats.
  ['randomness', /Math\.random|crypto\.(getRandomValues|randomUUID)/, /^(runtime|persistence\/encryption)\//],
  ['the clock', /Date\.now|performance\.now|new Date\(\)/, /^(runtime|persistence\/file|integrations\/langgraph)\//],
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
    expect(allowed, `Layer ${layer} is not in the list above and in docs/design.md`).toBeDefined()
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

/** The rows of the table of layers in docs/design.md, from below: what each may import. */
function layersOfDesign(): ReadonlyMap<string, ReadonlySet<string>> {
  const design = readFileSync(join(src, '..', 'docs', 'design.md'), 'utf8')
  const section = design.split('\n## Layers\n')[1]?.split('\n## ')[0] ?? ''
  const names = (text: string): string[] => [...text.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name)
  const layers = new Map<string, ReadonlySet<string>>()
  for (const [, layer = '', cell = ''] of section.matchAll(/^\| `([a-z-]+)` \|.*\| ([^|]+) \|$/gm)) {
    const [values = '', types = ''] = cell.split('types of')
    const [isAll, except] = [cell.startsWith('everything above'), names(cell.split('except')[1] ?? '')]
    const allowed = isAll ? [...layers.keys()].filter((above) => !except.includes(above)) : names(values)
    layers.set(layer, new Set([...allowed, ...typesOf(...names(types))]))
  }
  return layers
}

test('docs/design.md has the same layers, each below those that import it', () => {
  const layers = layersOfDesign()
  expect(Object.fromEntries(layers)).toEqual(
    Object.fromEntries(Object.entries(MAY_IMPORT).map(([layer, allowed]) => [layer, new Set(allowed)])),
  )
  const order = [...layers.keys()]
  const upwards = [...layers].filter(([layer, allowed]) =>
    [...allowed].some((name) => order.indexOf(name.replace('type ', '')) >= order.indexOf(layer)),
  )
  expect(upwards).toEqual([])
})

test('no file imports itself, not even through others and not even for types', () => {
  const circle = files.map((file) => pathTo(file, file, new Set())).find((path) => path !== undefined)
  expect(circle).toBeUndefined()
})

test.each(['react', 'langgraph', 'ai-sdk'])('the entry %s brings nothing of the store, and no other peer', (peer) => {
  const brought = valuesBroughtBy(`integrations/${peer}/${peer}.ts`)
  const others = ['react', 'langgraph', 'ai-sdk'].filter((other) => other !== peer).join('|')
  const wrong = new RegExp(`^integrations/(${others})/|^(?!integrations/|algorithms/keys/|checks|errors|limits|times)`)
  expect([...brought].filter((file) => wrong.test(file))).toEqual([])
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
