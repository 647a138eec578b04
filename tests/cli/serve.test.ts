import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Desk, main } from './program.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
})
afterAll(() => desk[Symbol.asyncDispose]())

interface Running {
  readonly url: string
  /** What it printed by the time it listened. */
  readonly printed: string
  readonly process: ChildProcess
  /** Resolves with the exit code, or with the name of the signal that ended the process. */
  readonly ended: Promise<number | string>
  /** What it wrote to standard error. */
  errors(): string
}

/** Starts the program as it was built; resolves when it listens. */
async function serve(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', ...args], {
    cwd: desk.folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors += text
  })
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  let printed = ''
  for await (const text of child.stdout) {
    printed += text
    const url = /^Listening on (http:\/\/\S+)\n/.exec(printed)?.[1]
    if (url !== undefined) return { url, printed, process: child, ended, errors: () => errors }
  }
  throw new Error(`The server ended with ${await ended}: ${errors}`)
}

const experience = (id: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id, state: 's', action: 'go', reward: 1, terminated: true }),
})

test('SIGTERM while requests are in flight loses nothing that was acknowledged, and ends with 0', async () => {
  const storage = 'file:terminated.db'
  const server = await serve(['--storage', storage, '--no-token'])
  const acknowledged = new Set<string>()
  const responses: number[] = []
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let i = 0; ; i++) {
      const id = `${lane}-${i}`
      try {
        const response = await fetch(`${server.url}/v1/agents/worker/experiences`, experience(id))
        responses.push(response.status)
        // A response that breaks off acknowledges nothing.
        await response.json()
        acknowledged.add(id)
      } catch {
        return
      }
    }
  })
  await expect.poll(() => acknowledged.size).toBeGreaterThan(20)
  server.process.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  await Promise.all(lanes)
  expect(new Set(responses)).toEqual(new Set([201]))
  expect(server.errors()).toBe('')
  await desk.teach(
    async (store) => {
      const stored = await store.experiences.list({ agentId: 'worker', limit: 100_000 })
      const ids = new Set(stored.map(({ id }) => id))
      expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
      // A second process could not have opened it before it was closed.
      expect((await store.status()).notes).toEqual([])
    },
    `file:${desk.path('terminated.db')}`,
  )
})

test('a second signal ends a server whose requests do not end', async () => {
  const server = await serve(['--storage', 'file:stuck.db', '--no-token'])
  const { port } = new URL(server.url)
  const stuck = connect(Number(port), '127.0.0.1')
  // A body that never comes.
  stuck.write(
    'POST /v1/agents/a/experiences HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n',
  )
  await once(stuck, 'data')
  stuck.on('error', () => {})
  server.process.kill('SIGTERM')
  await expect.poll(() => fetch(`${server.url}/health`).catch(() => 'refused')).toBe('refused')
  server.process.kill('SIGTERM')
  expect(await server.ended).toBe(143)
  stuck.destroy()
})

describe('a token', () => {
  test('comes from a file or from the environment', async () => {
    writeFileSync(desk.path('token.txt'), 'from a file\n')
    const [byFile, byEnvironment] = await Promise.all([
      serve(['--storage', 'file:a.db', '--token-file', 'token.txt', '--host', '0.0.0.0']),
      serve(['--storage', 'file:b.db', '--allow-origin', 'https://app.example'], { LEARNING_STORE_TOKEN: 'secret' }),
    ])
    const statusOf = async ({ url }: Running, path: string, headers: HeadersInit = {}): Promise<number> =>
      (await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}${path}`, { headers })).status
    expect(await statusOf(byFile, '/v1/agents')).toBe(401)
    expect(await statusOf(byFile, '/v1/agents', { authorization: 'Bearer from a file' })).toBe(200)
    expect(await statusOf(byEnvironment, '/v1/agents')).toBe(401)
    expect(await statusOf(byEnvironment, '/v1/agents', { authorization: 'Bearer secret' })).toBe(200)
    expect(await statusOf(byEnvironment, '/health')).toBe(200)
    const headers = { origin: 'https://app.example', authorization: 'Bearer secret' }
    const response = await fetch(`${byEnvironment.url}/v1/agents`, { headers })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
    for (const { process, ended } of [byFile, byEnvironment]) {
      process.kill('SIGINT')
      expect(await ended).toBe(0)
    }
  })

  test('is made anew and printed where none is given', async () => {
    const servers = await Promise.all([serve(['--storage', 'file:c.db']), serve(['--storage', 'file:d.db'])])
    const tokens = servers.map(({ printed }) => /Authorization: Bearer ([\w-]{32})\n/.exec(printed)?.[1])
    expect(new Set(tokens).size).toBe(2)
    for (const [i, { url, process, ended }] of servers.entries()) {
      const ask = (authorization: string): Promise<Response> =>
        fetch(`${url}/v1/agents`, { headers: { authorization } })
      expect((await fetch(`${url}/v1/agents`)).status).toBe(401)
      expect((await ask(`Bearer ${tokens[i]}`)).status).toBe(200)
      expect((await ask(`Bearer ${tokens[1 - i]}`)).status).toBe(401)
      process.kill('SIGTERM')
      expect(await ended).toBe(0)
    }
  })

  test('can only be left out on loopback, and not beside one that is given', async () => {
    const options = ['serve', '--storage', 'file:e.db', '--port', '0', '--no-token']
    const outside = await desk.run(...options, '--host', '0.0.0.0')
    expect(outside).toMatchObject({ status: 2, stderr: expect.stringContaining('a token to be given') })
    const both = await desk.run(...options, '--token-file', 'token.txt')
    expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('either --token-file or --no-token') })
  })

  test('that nobody would see is not made', async () => {
    const ended = await desk.run('serve', '--storage', 'file:e.db', '--port', '0', '--json')
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('--no-token with --json') })
  })

  test('that is in no file is reported', async () => {
    const ended = await desk.run('serve', '--storage', 'file:c.db', '--token-file', 'none.txt')
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining('NOT_FOUND') })
  })
})

test('a port that is none is refused', async () => {
  expect(await desk.run('serve', '--port', '70000')).toMatchObject({ status: 2 })
})
