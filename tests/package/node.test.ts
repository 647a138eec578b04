import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { copyOf, run, tool } from './fresh-project.ts'

test.each([
  ['in its own thread', [], 'local'],
  ['in a worker thread', ['--worker'], 'worker-thread'],
] as const)('a module of Node keeps a store in a file, %s', async (_, args, host) => {
  const project = await copyOf(inject('project'), `node-${host}`, join(import.meta.dirname, 'consumer'))
  const options = ['--module', 'NodeNext', '--target', 'ES2022', '--skipLibCheck', '--typeRoots', tool('@types')]
  await run(project, process.execPath, tool('typescript', 'bin', 'tsc'), ...options, '--types', 'node', 'node.ts')
  expect(JSON.parse(await run(project, process.execPath, 'node.js', ...args))).toEqual({
    host,
    experiences: 2,
    advised: 'go',
    lockedOut: 'LOCKED',
    refused: 'INVALID_ARGUMENT',
  })
})
