import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import { main } from '../cli/program.ts'
import { connectHttp, connectStdio, type HttpProcess, startHttp } from './mcp-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'mcp-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const EXPERIENCE = { agentId: 'a', state: 's', action: 'go', reward: 1, terminated: true }

async function record(client: Client): Promise<CallToolResult> {
  return (await client.callTool({ name: 'record_experience', arguments: EXPERIENCE })) as CallToolResult
}

/** Sends lines to `learning-store mcp`, closes its input and returns its answers by id. */
function piped(path: string, ...messages: readonly object[]): { status: number | null; results: Map<number, object> } {
  const input = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('')
  const args = [main, 'mcp', '--storage', `file:${path}`]
  const { status, stdout } = spawnSync(process.execPath, args, { input, encoding: 'utf8' })
  const answers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { status, results: new Map(answers.map(({ id, result }) => [id, result])) }
}

const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

describe('a store', () => {
  test('is free for other processes between calls, and every acknowledged call is in it', async () => {
    const path = join(folder, 'shared.db')
    const client = await connectStdio(path)
    onTestFinished(() => client.close())
    for (let round = 1; round <= 3; round++) {
      expect((await record(client)).isError).toBeUndefined()
      const store = await openLearningStore({ storage: `file:${path}` })
      expect(await store.experiences.count()).toBe(round)
      await store.close()
    }
  })

  test('that another process holds can be read; to write is an error that says what to do, and the next call works', async () => {
    const path = join(folder, 'busy.db')
    const store = await openLearningStore({ storage: `file:${path}` })
    const client = await connectStdio(path, '--wait', '0')
    onTestFinished(() => client.close())
    const { isError, content } = await record(client)
    expect(isError).toBe(true)
    expect(content).toMatchObject([{ text: expect.stringMatching(/^LOCKED: .*Nothing was changed\. Repeat the call/) }])
    const { id } = await (await store.agent('writer')).decide('s', { actions: ['go'] })
    await store.flush()
    const state = { agentId: 'writer', state: 's', actions: ['go'] }
    expect(await client.callTool({ name: 'list_agents' })).toMatchObject({ structuredContent: { total: 1 } })
    expect(await client.callTool({ name: 'recommend', arguments: state })).toMatchObject({
      structuredContent: { action: null },
    })
    await (await store.agent('writer')).reward(id, 1)
    await store.flush()
    expect(await client.callTool({ name: 'recommend', arguments: state })).toMatchObject({
      structuredContent: { action: 'go' },
    })
    await store.close()
    expect((await record(client)).isError).toBeUndefined()
  })
})

describe('a process', () => {
  test('answers what it was asked before its input ended, and ends with 0', () => {
    const call = { method: 'tools/call', params: { name: 'record_experience', arguments: EXPERIENCE } }
    const { status, results } = piped(
      join(folder, 'piped.db'),
      initialize,
      { method: 'notifications/initialized' },
      { id: 2, ...call },
      { id: 3, method: 'tools/list' },
    )
    expect(status).toBe(0)
    expect(results.get(2)).toMatchObject({ structuredContent: { value: 0.1 } })
    expect(results.get(3)).toMatchObject({ tools: expect.any(Array) })
  })

  test('stops at SIGTERM, and what was acknowledged is in the file', async () => {
    const path = join(folder, 'stopped.db')
    const server = await startHttp(path)
    const client = await connectHttp(server.url, server.token)
    await record(client)
    expect(await server.stop()).toBe(0)
    const store = await openLearningStore({ storage: `file:${path}` })
    expect(await store.experiences.count()).toBe(1)
    await store.close()
  })
})

describe('over HTTP', () => {
  const token = 'a-secret-of-this-test'
  const start = async (env: NodeJS.ProcessEnv = {}, ...options: readonly string[]): Promise<HttpProcess> => {
    const server = await startHttp(join(folder, 'http.db'), env, ...options)
    onTestFinished(async () => void (await server.stop()))
    return server
  }
  const ask = (url: string, headers: Record<string, string>, method = 'POST'): Promise<number> =>
    fetch(url, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      ...(method === 'POST' ? { body: JSON.stringify({ jsonrpc: '2.0', ...initialize }) } : {}),
    }).then(({ status }) => status)

  test('it listens on loopback, and refuses pages of other origins, other paths and streams', async () => {
    const { url } = await start({}, '--no-token')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
    expect(await ask(url, {})).toBe(200)
    expect(await ask(url, { origin: 'https://evil.example' })).toBe(403)
    expect(await ask(url.replace(/mcp$/, 'other'), {})).toBe(404)
    expect(await ask(url, {}, 'GET')).toBe(405)
  })

  test('it wants the token of LEARNING_STORE_TOKEN', async () => {
    const { url } = await start({ LEARNING_STORE_TOKEN: token })
    expect(await ask(url, {})).toBe(401)
    expect(await ask(url, { authorization: 'Bearer another' })).toBe(401)
    const client = await connectHttp(url, token)
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
  })

  test('it wants a new token, which it prints, where none is given', async () => {
    const { url, token: made } = await start()
    expect(made).toMatch(/^[\w-]{32}$/)
    expect(await ask(url, {})).toBe(401)
    const client = await connectHttp(url, made)
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
  })

  test('it listens on another address only with a token', () => {
    const storage = `file:${join(folder, 'open.db')}`
    const args = [main, 'mcp', '--http', '0', '--host', '0.0.0.0', '--no-token', '--storage', storage]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([2, expect.stringContaining('Expected a token to be given')])
  })
})
