import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encryptedStorage, fileStorage, openLearningStore } from '../../src/entry/node.ts'
import { flipped } from '../persistence/storage-under-test.ts'
import { Desk, type Ended, main } from './program.ts'

const PASSPHRASE = 'correct horse'
let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  const storage = encryptedStorage(fileStorage(desk.path('secret.db')), PASSPHRASE)
  const store = await openLearningStore({ storage, seed: 7 })
  await (await store.agent('one')).learn({ state: 's', action: 'a', reward: 1, terminated: true })
  await store.close()
  await writeFile(desk.path('key'), `${PASSPHRASE}\nmore\n`)
  await writeFile(desk.path('wrong'), 'correct house\n')
  await writeFile(desk.path('empty'), '\n')
  await desk.run('export', '--output', 'rows.jsonl', ...STORE, '--key-file', 'key')
})
afterAll(() => desk[Symbol.asyncDispose]())

const INITIALIZE = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
const LIST = { name: 'list_experiences', arguments: { agentId: 'one' } }
const STORE = ['--storage', 'file:secret.db']
const COMMANDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['learn', 'train', '--agent', 'one'],
  ['learn', 'status'],
  ['export', '--format', 'json-lines'],
  ['import', 'rows.jsonl'],
  ['query', 'SELECT count(*) FROM learning_experiences'],
  ['verify'],
  ['snapshot', '--output', 'copy.db', '--force'],
]

describe.each(COMMANDS.map((args) => ({ args, name: args.join(' ') })))('$name', ({ args }) => {
  test('opens an encrypted store with --key-file, and with LEARNING_STORE_KEY', async () => {
    expect(await desk.run(...args, ...STORE, '--key-file', 'key')).toMatchObject({ status: 0, stderr: '' })
    const byVariable = await desk.runWith({ LEARNING_STORE_KEY: PASSPHRASE }, ...args, ...STORE)
    expect(byVariable).toMatchObject({ status: 0, stderr: '' })
  })

  test('ends with 1 and WRONG_KEY without a key, and names --key-file', async () => {
    const before = await readFile(desk.path('secret.db'))
    const without = await desk.run(...args, ...STORE)
    refused(without)
    expect(without.stderr).toContain('--key-file')
    expect(await readFile(desk.path('secret.db'))).toEqual(before)
  })
})

// Deriving a key takes long, and all commands open stores in one way.
test.each([
  ['reads', ['learn', 'status']],
  ['writes', ['learn', 'train', '--agent', 'one']],
])('a command that %s ends with 1 and WRONG_KEY for another key', async (_, args) => {
  const before = await readFile(desk.path('secret.db'))
  refused(await desk.run(...args, ...STORE, '--key-file', 'wrong'))
  refused(await desk.runWith({ LEARNING_STORE_KEY: 'correct house' }, ...args, ...STORE))
  expect(await readFile(desk.path('secret.db'))).toEqual(before)
})

function refused(ended: Ended): void {
  expect(ended).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('WRONG_KEY') })
}

test('the file goes before the variable, and an empty one is refused', async () => {
  const env = { LEARNING_STORE_KEY: 'correct house' }
  expect(await desk.runWith(env, 'learn', 'status', ...STORE, '--key-file', 'key')).toMatchObject({ status: 0 })
  expect(await desk.run('learn', 'status', ...STORE, '--key-file', 'empty')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Expected a passphrase in the first line'),
  })
})

test('doctor examines an encrypted store with its key, says that it cannot repair a damaged one, and changes nothing', async () => {
  const withKey = [...STORE, '--key-file', 'key']
  expect(await desk.run('doctor', ...withKey)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ok/) })
  expect(await desk.run('doctor', ...STORE)).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/WRONG_KEY.*--key-file/),
  })
  const files = async (): Promise<Map<string, Buffer>> => {
    const all = await readdir(desk.folder, { recursive: true, withFileTypes: true })
    const paths = all.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)))
  }
  const whole = await files()
  for (const [path, bytes] of whole) {
    if (path.includes('secret.db') && bytes.length > 1000) await writeFile(path, flipped(bytes, bytes.length - 3))
  }
  const damaged = await files()
  for (const more of [[], ['--repair', '--confirm']]) {
    expect(await desk.run('doctor', ...withKey, ...more)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('doctor cannot repair encrypted stores'),
    })
  }
  expect(await files()).toEqual(damaged)
  for (const [path, bytes] of whole) await writeFile(path, bytes)
})

test.each([
  ['--key-file', ['--key-file', 'key'], {}],
  ['LEARNING_STORE_KEY', [], { LEARNING_STORE_KEY: PASSPHRASE }],
])('serve and mcp open an encrypted store with %s', async (_, args, env) => {
  const cwd = desk.folder
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--no-token', ...STORE, ...args], {
    cwd,
    env: { ...process.env, ...env },
  })
  const ended = once(child, 'exit')
  const [text] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown]
  const url = /http:\/\/\S+/.exec(String(text))?.[0]
  const response = await fetch(`${url}/v1/agents`)
  expect(await response.text()).toContain('"one"')
  child.kill('SIGTERM')
  await ended

  const mcp = spawn(process.execPath, [main, 'mcp', ...STORE, ...args], { cwd, env: { ...process.env, ...env } })
  const done = once(mcp, 'exit')
  mcp.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: INITIALIZE })}\n`)
  mcp.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  mcp.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: LIST })}\n`)
  let out = ''
  for await (const chunk of mcp.stdout) {
    out += String(chunk)
    if (out.includes('"id":2')) break
  }
  expect(out).toMatch(/one.*terminated/)
  mcp.stdin.end()
  await done
})

test('serve with another key ends with 1 and WRONG_KEY', async () => {
  const args = ['serve', '--port', '0', '--no-token', ...STORE]
  for (const more of [['--key-file', 'wrong'], []]) {
    expect(await desk.run(...args, ...more)).toMatchObject({ status: 1, stderr: expect.stringContaining('WRONG_KEY') })
  }
})
