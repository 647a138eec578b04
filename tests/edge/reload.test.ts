import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'

/** A program under `bun --hot`, whose code is edited while it has the store open. */

const BUN = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'bun')

let folder: string
let bun: ChildProcessByStdio<null, Readable, null> | undefined
beforeEach(() => {
  folder = mkdtempSync(join(inject('withPackage'), 'reload-'))
})
afterEach(async () => {
  if (bun?.kill()) await once(bun, 'exit')
})

/** Writes the program, which learns once each time it runs, and prints what it found. */
function write(version: number, opening: string): void {
  const code = `
import { openLearningStore } from 'learning-store'
const learn = async () => {
  const store = await (${opening} openLearningStore({ storage: 'file:edited.db', lockTimeoutMs: 100 }))
  await (await store.agent('router')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
  return store.experiences.count()
}
console.log(await learn().catch(({ code, message }) => code + ' ' + message), 'of version ${version}')
globalThis.timer ??= setInterval(() => {}, 1000)
`
  writeFileSync(join(folder, 'program.mjs'), code)
}

/** Runs the program, and edits it twice. Returns what each version printed. */
async function editing(opening: string): Promise<readonly string[]> {
  write(1, opening)
  bun = spawn(BUN, ['--hot', 'program.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const printed: string[] = []
  for await (const line of createInterface({ input: bun.stdout })) {
    const [, found = '', version] = /^(.*) of version (\d)$/.exec(line) ?? []
    // A change may be noticed twice.
    if (Number(version) !== printed.length + 1) continue
    printed.push(found)
    if (printed.length === 3) break
    write(printed.length + 1, opening)
  }
  return printed
}

test('a module that forgets the store is told that this process has it, and where to keep it', async () => {
  const [first, second] = await editing('')
  expect(first).toBe('1')
  expect(second).toMatch(/^LOCKED .*already open in this process.*globalThis/)
})

test('a module that keeps the store in globalThis goes on with it', async () => {
  const [first, ...rest] = await editing('globalThis.opening ??=')
  expect(first).toBe('1')
  for (const found of rest) expect(found).toMatch(/^[2-9]$/)
})
