import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Plugin } from 'vite'

const SCRIPT = 'service-worker.js'

/** Adds a service worker that caches all files of the built site. Its version is a hash of them. */
export function worksOffline(): Plugin {
  return {
    name: 'works-offline',
    apply: 'build',
    // The last hook, so that the files of workers are there too.
    writeBundle({ dir = '' }) {
      const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
      const names = files
        .map((file) => file.slice(dir.length + 1).replaceAll(sep, '/'))
        .filter((name) => name !== SCRIPT)
      const hash = createHash('sha256')
      for (const name of names.sort()) hash.update(name).update(readFileSync(join(dir, name)))
      const version = hash.digest('hex').slice(0, 16)
      const script = readFileSync(join(import.meta.dirname, SCRIPT), 'utf8')
      const constants = `const VERSION = '${version}'\nconst FILES = ${JSON.stringify(names)}\n`
      writeFileSync(join(dir, SCRIPT), constants + script)
    },
  }
}
