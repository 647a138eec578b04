// The workers of browsers with all that they import, in dist/worker/: an import map does not hold in a worker, so one that is
// served as it is, copied to where a page finds it, can import nothing by a package's name. Bundlers take them as any module.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const WORKERS = ['shared', 'dedicated'].map((name) => join('dist', 'worker', `${name}.js`))

export async function bundleWorkers() {
  const { metafile } = await build({
    entryPoints: WORKERS,
    outdir: join('dist', 'worker'),
    allowOverwrite: true,
    bundle: true,
    // What is loaded when it is needed stays apart.
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    plugins: [{ name: 'wasm beside the workers', setup: placeWasm }],
  })
  writeFileSync(join('dist', 'worker', 'LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)))
}

/** What was two folders up from its module is beside it in the bundle. */
function placeWasm({ onLoad }) {
  onLoad({ filter: /[\\/]runtime[\\/]wasm\.js$/ }, ({ path }) => {
    const [before, after, ...more] = readFileSync(path, 'utf8').split("'../../worker/sql-wasm.wasm'")
    if (after === undefined || more.length > 0) throw new Error(`Expected ${path} to name the module once`)
    return { contents: `${before}'./sql-wasm.wasm'${after}`, loader: 'js' }
  })
}

/** The licenses of the packages whose modules these are, and of sql.js, which is made a module before. */
function licensesOf(modules) {
  const names = modules.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
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
