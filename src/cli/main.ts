#!/usr/bin/env node
import { run } from './program.ts'
import { visibleLine } from './visible.ts'

// Node.js prints warnings as they are; those of a store name its files.
if (process.listenerCount('warning') > 0) {
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => void process.stderr.write(`${visibleLine(`${name}: ${message}`)}\n`))
}
process.exitCode = await run(process.argv.slice(2), process)
