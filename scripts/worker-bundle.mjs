// The workers of browsers with all that they import, in dist/worker/: an import map does not hold in a worker, so one that is
// served as it is, copied to where a page finds it, can import nothing by a package's name. Bundlers take them as any module.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const WORKERS = ['shared', 'dedicated'].map((name) => join('dist', 'worker', `${name}.js`))

const STANDALONE = 'standalone.js'

/** What only imports use of a package of which the core imports something else. */
const OF_IMPORTS = /\/uuid\/dist\/(v5|v35|sha1|parse)\.js$/

/** In the storage of the workers that the compiler left there. */
export async function bundleWorkers() {
  await bundleStandalone()
  const atStart = new Set()
  const bundle = await rolldown({
    input: WORKERS,
    platform: 'browser',
    plugins: [besideEachOther, modulesAtStart(atStart)],
  })
  const { output } = await bundle.write({
    dir: join('dist', 'worker'),
    minify: true,
    chunkFileNames: ({ name, facadeModuleId }) => `${nameOf(name, facadeModuleId)}-[hash].js`,
    // What is loaded when it is needed stays apart by itself. What is loaded at once is one file: what parts that are loaded later
    // share with it would otherwise be many small ones, which compress badly.
    codeSplitting: {
      groups: [
        { name: 'sql-js', test: /sql-js-module/ },
        { name: 'core', test: (id) => atStart.has(id) && !OF_IMPORTS.test(id) },
      ],
    },
  })
  const modules = output.flatMap(({ moduleIds }) => moduleIds)
  writeFileSync(join('dist', 'worker', 'LICENSES.txt'), licensesOf(modules))
}

/** The entry of browsers in one file, for service workers, which may not import later. */
async function bundleStandalone() {
  const input = join('dist', 'src', 'entry', 'browser.js')
  const bundle = await rolldown({ input, platform: 'browser', plugins: [besideEachOther] })
  await bundle.write({ file: join('dist', 'worker', STANDALONE), minify: true, codeSplitting: false })
}

/** Finds the modules that the workers import before they run, without the workers. @param found gets their ids. */
function modulesAtStart(found) {
  return {
    name: 'modules at start',
    buildEnd() {
      const add = (id) => {
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) found.add(imported)
      }
      // Not the workers themselves: each would run what the other does.
      for (const id of [...this.getModuleIds()]) if (this.getModuleInfo(id)?.isEntry) add(id)
      // A set goes on to what is added meanwhile.
      for (const id of found) add(id)
    },
  }
}

/** An index is named after its folder. */
function nameOf(name, path) {
  return /([^\\/]+)[\\/]index\.js$/.exec(path ?? '')?.[1] ?? name
}

/** What was three folders up from its module is beside it in the bundle: the workers, and SQLite. */
const besideEachOther = {
  name: 'workers and wasm beside each other',
  transform(code, id) {
    if (!/[\\/]runtime[\\/]browser[\\/](wasm|worker-handshake)\.js$/.test(id)) return null
    const parts = code.split("'../../../worker/")
    if (parts.length !== (id.endsWith('wasm.js') ? 2 : 3)) throw new Error(`Expected ${id} to name each file once`)
    return parts.join("'./")
  },
}

/** The licenses of the packages whose modules these are, and of sql.js, which is made a module before. */
function licensesOf(modules) {
  const names = modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  return [...new Set([...names, 'sql.js'])]
    .sort()
    .map((name) => {
      const folder = join('node_modules', name)
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      const text = file ? readFileSync(join(folder, file), 'utf8').trim() : ''
      return `${name} ${version}, ${license}\n\n${text}\n`
    })
    .join('\n\n')
}
