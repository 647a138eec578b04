import { expect, test } from 'vitest'
import { withExperienceIds } from '../../src/client/clone-arguments.ts'
import { kindOf } from '../../src/protocol/calls.ts'

test('a task gets its id before it is sent, so that it can be sent again and is learned once', () => {
  const call = { on: 'agent', method: 'learnFromExecution', args: [{ success: true }], agentId: 'a' } as const
  expect(kindOf(call)).toBe('idempotent')
  expect(withExperienceIds(call, () => 'made').args).toEqual([{ success: true, id: 'made' }])
  const named = { ...call, args: [{ success: true, id: 'mine' }] }
  expect(withExperienceIds(named, () => 'made').args).toEqual(named.args)
})
