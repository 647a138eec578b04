// What a page downloads to use a store: the page's part as Vite bundles it for users, the workers as the package has them; each file
// compressed with brotli, as servers do.
// Prints the sizes as JSON; with --write puts them into the README, whose quote `tests/size.test.ts` keeps true.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const ENTRY = 'virtual:entry'

/** The files of a bundle. @param code of its entry. @param worker how its workers are bundled */
async function bundled(code, worker = { format: 'es' }) {
  const entry = {
    name: ENTRY,
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) => (id === ENTRY ? code : null),
  }
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [entry],
    worker,
    build: { write: false, modulePreload: false, target: 'es2022', rolldownOptions: { input: ENTRY } },
  })
  return output
}

/** The workers' files, described as those of a bundle. */
function shippedWorker() {
  const names = readdirSync(join(dist, 'worker')).filter(
    (name) => name.endsWith('.js') && !/^(node|standalone)\.js$/.test(name),
  )
  return names.map((fileName) => {
    const code = readFileSync(join(dist, 'worker', fileName), 'utf8')
    const imports = [...code.matchAll(/(?:\bfrom|\bimport) ?"\.\/([^"]+)"/g)].map(([, name]) => name)
    return { fileName, name: fileName.replace(/(-.{8})?\.js$/, ''), code, imports, isEntry: fileName === 'shared.js' }
  })
}

/** The code of an entry that uses these names of a module. */
function using(names, ...path) {
  return `import { ${names} } from ${JSON.stringify(join(dist, 'src', ...path))}\nglobalThis.used = [globalThis.used, ${names}]\n`
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } })
    .length
}

const entryOf = (output) => output.find((file) => file.isEntry)

/** The names of a chunk and of all that it imports before it runs. */
function filesOf(output, chunk) {
  const names = new Set([chunk.fileName])
  // A set goes on to what is added meanwhile.
  for (const name of names) {
    for (const one of output.find((file) => file.fileName === name)?.imports ?? []) names.add(one)
  }
  return names
}

/** What a chunk costs, in bytes, where these files are there already. */
function bytesOf(output, chunk = entryOf(output), there = new Set()) {
  const files = filesOf(output, chunk)
  const missing = output.filter(({ fileName }) => files.has(fileName) && !there.has(fileName))
  return missing.reduce((sum, { code }) => sum + brotli(code), 0)
}

/** What is loaded when it is first asked for, by the name of its module. */
const PARTS = {
  worker: {
    'test-patterns': 'the pattern bank',
    memory: 'the shared memory',
    fleet: 'the fleet',
    history: 'execution patterns, preferences, metrics, learning history and metrics',
    executions: '`learnFromExecution` and `getStatistics`',
    patterns: 'patterns of strategies',
    plan: '`agent.plan`',
    replay: '`agent.replay`',
    'cached-models': 'linear learners',
    deletion: '`experiences.delete`, `resetAgent`',
    recommendation: '`agent.recommend`',
    evaluation: '`evaluatePolicy`',
    inspection: '`query`, `tables`, `verify`, `rewardHistory`',
    'run-job': 'imports, exports, snapshots, `compact`',
    maintenance: '`prune`, and the rows of imports',
  },
  page: {
    policy: '`agent.policy`, in the page',
    'model-copy': '`agent.policy` of linear learners, in the page',
  },
}

function partsOf(output, names) {
  const there = filesOf(output, entryOf(output))
  const imported = new Set(output.flatMap(({ imports = [] }) => imports.map((name) => name.replace(/^\.\//, ''))))
  return Object.entries(names).map(([module, what]) => {
    // Several chunks can have the name, for example that of a table: the part is the one that no other chunk imports statically.
    const named = output.filter(({ name }) => name === module)
    const chunk = named.find(({ fileName }) => !imported.has(fileName)) ?? named[0]
    if (!chunk) throw new Error(`Expected ${module} to be loaded when it is first asked for`)
    return { what, bytes: bytesOf(output, chunk, there) }
  })
}

async function measured() {
  const clientCode = [
    using('storeClient', 'client', 'store-client.js'),
    using('RemoteChannel', 'client', 'remote-channel.js'),
    using('sessionAt', 'client', 'remote-session.js'),
  ].join('')
  const client = bytesOf(await bundled(clientCode))
  const pageCode = using('openLearningStore', 'entry/browser.js')
  const page = await bundled(pageCode)
  const script = shippedWorker()
  const glue = brotli(script.find(({ name }) => name === 'sql-js').code)
  const wasm = brotli(readFileSync(join(dist, 'worker', 'sql-wasm.wasm')))
  const [ofPage, ofWorker] = [bytesOf(page), bytesOf(script)]
  const check = script.find(({ name }) => name === 'snapshot-check')
  const ofCheck = bytesOf(script, check, filesOf(script, entryOf(script)))
  return {
    start: [
      { what: 'the client with Comlink', bytes: client, most: 7_250 },
      { what: "the page's script: the client, and what starts and finds workers", bytes: ofPage },
      { what: "the core: the worker's script without sql.js", bytes: ofWorker - glue, most: 44_250 },
      { what: 'what checks and restores the stored database, which every opening loads', bytes: ofCheck },
      { what: "sql.js: its script, in the worker's", bytes: glue },
      { what: 'sql.js: its WebAssembly module', bytes: wasm },
      { what: 'all that a page downloads', bytes: ofPage + ofWorker + ofCheck + wasm, most: 364_000 },
    ],
    viteWorkers: [workerOf(await bundled(pageCode, {})), workerOf(page)],
    later: [...partsOf(script, PARTS.worker), ...partsOf(page, PARTS.page)],
  }
}

/** The bytes of the shared worker that Vite made again. */
function workerOf(output) {
  const { source } = output.find(({ fileName }) => /^assets\/shared-[^/]+\.js$/.test(fileName))
  return brotli(source)
}

const kB = (bytes) => (bytes / 1_000).toFixed(1)

/** As the README has it. */
function table({ start, later }) {
  return [
    '| downloaded at the start | kB | at most |',
    '|---|---|---|',
    ...start.map(({ what, bytes, most }) => `| ${what} | ${kB(bytes)} | ${most === undefined ? '' : most / 1_000} |`),
    '',
    '| when it is first asked for | kB |',
    '|---|---|',
    ...later.map(({ what, bytes }) => `| ${what} | ${kB(bytes)} |`),
  ].join('\n')
}

const sizes = await measured()
if (process.argv.includes('--write')) {
  const readme = join(root, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const [byDefault, modules] = sizes.viteWorkers.map(kB)
  writeFileSync(
    readme,
    text
      .replace(/(?<=<!-- sizes -->\n)[\s\S]*(?=<!-- \/sizes -->)/, () => `${table(sizes)}\n`)
      .replace(/(?<=^\| Vite 8.* has )[\d.]+( kB of brotli, and )[\d.]+/m, `${byDefault}$1${modules}`),
  )
} else {
  console.log(JSON.stringify(sizes, undefined, 2))
}
