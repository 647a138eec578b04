import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { afterAll, describe } from 'vitest'
import { createMcpServer } from '../../src/entry/mcp.ts'
import { openLearningStore } from '../../src/entry/node.ts'
import { mcpContract } from './mcp-contract.ts'
import { connect, connectHttp, connectStdio, type HttpProcess, startHttp } from './mcp-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'mcp-'))
const servers: HttpProcess[] = []
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

describe('over the standard input and output of a process', () => {
  mcpContract(() => connectStdio(join(folder, 'stdio.db')))
})

describe('over HTTP', () => {
  mcpContract(async () => {
    const server = await startHttp(join(folder, 'http.db'))
    servers.push(server)
    return connectHttp(server.url, server.token)
  })
})

describe('in the same process', () => {
  mcpContract(async () => {
    const store = await openLearningStore({ storage: 'memory:' })
    const [here, there] = InMemoryTransport.createLinkedPair()
    await createMcpServer({ store }).connect(there)
    return connect(here)
  })
})
