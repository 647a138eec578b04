import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { copyOf, install, run, tool, versionOf } from './fresh-project.ts'

const NEW = await versionOf('typescript')
const OLD = '5.9.3'

/** What a compiler is told of the runtime, and what it compiles. */
const RUNTIMES = {
  Node: { lib: ['ES2022'], types: ['node'], files: ['node.ts', 'edge.ts'] },
  'a page': { lib: ['ES2022', 'DOM'], types: [], files: ['page.ts', 'edge.ts'] },
  'a worker': { lib: ['ES2022', 'WebWorker'], types: [], files: ['edge.ts'] },
  'Cloudflare Workers': {
    lib: ['ES2022'],
    types: [tool('@cloudflare/workers-types')],
    customConditions: ['workerd'],
    files: ['edge.ts'],
  },
}
const MODULES = { bundler: 'ESNext', node16: 'Node16', nodenext: 'NodeNext' }

let project: string
beforeAll(async () => {
  project = await copyOf(inject('project'), 'typescript', join(import.meta.dirname, 'consumer'))
  const needed = ['@types/node', 'react', '@types/react', 'ai', 'zod', '@langchain/core', '@modelcontextprotocol/sdk']
  const exact = [...needed, '@langchain/langgraph-checkpoint'].map(async (name) => `${name}@${await versionOf(name)}`)
  await install(project, ...(await Promise.all(exact)), `typescript-${OLD}@npm:typescript@${OLD}`)
})

// What resolves as Node does finds Node's entry, so a page is compiled as for a bundler.
test.each([
  [NEW, 'Node', 'bundler'],
  [NEW, 'Node', 'node16'],
  [NEW, 'Node', 'nodenext'],
  [NEW, 'a page', 'bundler'],
  [NEW, 'a worker', 'bundler'],
  [NEW, 'a worker', 'node16'],
  [NEW, 'Cloudflare Workers', 'bundler'],
  [NEW, 'Cloudflare Workers', 'node16'],
  [OLD, 'Node', 'node16'],
  [OLD, 'a page', 'bundler'],
] as const)(
  'TypeScript %s finds no fault in the types for %s with moduleResolution %s',
  async (version, runtime, moduleResolution) => {
    const { files, ...known } = RUNTIMES[runtime]
    await configure({ ...known, module: MODULES[moduleResolution], moduleResolution }, files)
    const compiler = version === OLD ? join('node_modules', `typescript-${OLD}`) : tool('typescript')
    expect(await run(project, process.execPath, join(compiler, 'bin', 'tsc'))).toBe('')
  },
)

test('in what stands on React, LangGraph, the AI SDK and the MCP SDK it finds no fault but in their own types', async () => {
  await configure({ lib: ['ES2022', 'DOM'], types: ['node'], module: 'NodeNext' }, ['peers.ts'])
  const options = ['--listFiles', '--pretty', 'false']
  const told = await run(project, process.execPath, tool('typescript', 'bin', 'tsc'), ...options).catch(String)
  for (const entry of ['react', 'langgraph', 'ai-sdk'])
    expect(told).toContain(`/dist/src/integrations/${entry}/${entry}.d.ts\n`)
  expect(told).toContain('/dist/src/entry/mcp.d.ts\n')
  expect(told.split('\n').filter((line) => /^(peers|node_modules\/learning-store\/)/.test(line))).toEqual([])
})

async function configure(options: object, files: readonly string[]): Promise<void> {
  const checks = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false }
  const compilerOptions = { ...options, ...checks, target: 'ES2022', noEmit: true }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
}
