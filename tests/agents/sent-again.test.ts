import { expect, test } from 'vitest'
import { identified } from '../../src/client/clone-arguments.ts'
import { kindOf } from '../../src/protocol/calls.ts'

test('a task that is learned from has its id before it travels, so that it can be sent again and is learned once', () => {
  const call = { on: 'agent', method: 'learnFromExecution', args: [{ success: true }], agentId: 'a' } as const
  expect(kindOf(call)).toBe('idempotent')
  expect(identified(call, () => 'made').args).toEqual([{ success: true, id: 'made' }])
  const named = { ...call, args: [{ success: true, id: 'mine' }] }
  expect(identified(named, () => 'made').args).toEqual(named.args)
})
