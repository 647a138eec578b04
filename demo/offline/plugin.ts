import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Plugin } from 'vite'

const SCRIPT = 'service-worker.js'

/** Puts a service worker into the built site that knows all its files; its version is a hash of them. */
export function worksOffline(): Plugin {
  return {
    name: 'works-offline',
    apply: 'build',
    // Only then all of them are there, those of workers too.
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
      const facts = `const VERSION = '${version}'\nconst FILES = ${JSON.stringify(names)}\n`
      writeFileSync(join(dir, SCRIPT), facts + script)
    },
  }
}
