import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { copyOf, run, tool } from './fresh-project.ts'

const RUNTIMES = {
  Node: [process.execPath],
  Deno: [tool('.bin', 'deno'), 'run', '--allow-all', '--no-lock'],
  Bun: [tool('.bin', 'bun'), 'run'],
} as const

describe.each(Object.keys(RUNTIMES) as (keyof typeof RUNTIMES)[])('a module in %s keeps a store in a file', (name) => {
  const [program, ...command] = RUNTIMES[name]
  let project: string
  beforeAll(async () => {
    project = await copyOf(inject('project'), name, join(import.meta.dirname, 'consumer'))
    const options = ['--module', 'NodeNext', '--target', 'ES2022', '--skipLibCheck', '--typeRoots', tool('@types')]
    await run(project, process.execPath, tool('typescript', 'bin', 'tsc'), ...options, '--types', 'node', 'node.ts')
  })

  test.each([
    ['its own', [], 'local', 2],
    ['a worker', ['--worker'], 'worker-thread', 4],
  ] as const)('in %s thread', async (_, args, host, experiences) => {
    expect(JSON.parse(await run(project, program, ...command, 'node.js', ...args))).toEqual({
      host,
      experiences,
      advised: 'go',
      lockedOut: 'LOCKED',
      refused: 'INVALID_ARGUMENT',
    })
  })
})
