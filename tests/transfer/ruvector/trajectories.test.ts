import { describe, expect, test } from 'vitest'
import { readRuvectorTrajectories } from '../../../src/transfer/ruvector/trajectories.ts'
import { dataFile, refusal, taken, utf8 } from '../sources.ts'

const trajectory = {
  id: 't-1',
  state: 'build_in_core',
  action: 'command-failed',
  reward: -0.5,
  timestamp: '2025-12-29T18:24:18.698Z',
}
const lines = (...values: unknown[]): Uint8Array => utf8(values.map((one) => JSON.stringify(one)).join('\n'))

describe('trajectories', () => {
  test('become experiences of one step', () => {
    const read = taken(readRuvectorTrajectories(lines({ ...trajectory, abGroup: 'treatment' })))
    expect(read.experiences).toEqual([
      {
        agentId: 'ruvector',
        id: 't-1',
        taskId: null,
        taskType: 'ruvector',
        state: 'build_in_core',
        action: 'command-failed',
        reward: -0.5,
        nextState: null,
        terminated: true,
        truncated: false,
        episodeId: null,
        timestamp: '2025-12-29 18:24:18.698',
        behaviorProbability: null,
        actions: null,
        nextActions: null,
        metadata: null,
      },
    ])
    expect(read.skipped).toEqual([{ what: 'trajectories: abGroup', count: 1, reason: 'this store has no such field' }])
  })

  test.each<[string, unknown]>([
    ['reward in line 2 to be a finite number, got "1"', { ...trajectory, id: 'x', reward: '1' }],
    ['state in line 2 to be a non-empty string', { ...trajectory, id: 'x', state: {} }],
    ['action in line 2 to be a non-empty string', { ...trajectory, id: 'x', action: undefined }],
    ['timestamp in line 2 to be a time', { ...trajectory, id: 'x', timestamp: '5' }],
    ['id in line 2 to be a non-empty string, got 5.5', { ...trajectory, id: 5.5 }],
    ['timestamp in line 2 to be a time in seconds or ms', { ...trajectory, id: 'x', timestamp: 1e300 }],
    ['line 2 to be an object, got null', null],
  ])('are refused: %s', (message, line) => {
    expect(refusal(readRuvectorTrajectories(lines(trajectory, line)))).toContain(
      `INVALID_ARGUMENT: Expected ${message}`,
    )
  })

  test('are imported once if duplicated', () => {
    const read = taken(readRuvectorTrajectories(lines(trajectory, trajectory)))
    expect(read.experiences).toHaveLength(1)
    expect(read.skipped).toEqual([{ what: 'experiences', count: 1, reason: 'is a duplicate' }])
  })

  test('are read from a JSON list as from lines', () => {
    const events = [trajectory, { ...trajectory, id: 't-2', state: 'other' }]
    const { experiences } = taken(readRuvectorTrajectories(lines(...events)))
    for (const text of [JSON.stringify(events), `\uFEFF\n${JSON.stringify(events, null, 2)}`]) {
      expect(taken(readRuvectorTrajectories(utf8(text))).experiences).toEqual(experiences)
    }
    expect(refusal(readRuvectorTrajectories(utf8(JSON.stringify([trajectory, { ...trajectory, reward: null }]))))).toBe(
      'INVALID_ARGUMENT: Expected trajectories[1].reward to be a finite number, got null',
    )
    expect(refusal(readRuvectorTrajectories(utf8('[{"id":')))).toContain('NOT_A_STORE')
  })

  test.each([
    ['seconds', 1_767_225_600, '2026-01-01 00:00:00.000'],
    ['seconds with a fraction', 1_767_225_600.25, '2026-01-01 00:00:00.250'],
    ['milliseconds', 1_767_225_600_123, '2026-01-01 00:00:00.123'],
    ['text', '2026-01-01T00:00:00.123Z', '2026-01-01 00:00:00.123'],
    ['nothing', undefined, null],
  ])('have times in %s', (_, timestamp, expected) => {
    const [experience] = taken(readRuvectorTrajectories(lines({ ...trajectory, timestamp }))).experiences
    expect(experience?.timestamp).toBe(expected)
  })

  test('are told apart by their content if another event has the same id, wherever it stands', () => {
    const other = { ...trajectory, reward: 1 }
    const third = { ...trajectory, state: 'else' }
    const idsOf = (...events: unknown[]) =>
      taken(readRuvectorTrajectories(lines(...events))).experiences.map(({ id }) => id)
    const ids = idsOf(trajectory, other, third)
    expect(ids[0]).toBe('t-1')
    expect(new Set(ids).size).toBe(3)
    expect(idsOf(trajectory, third, other)).toEqual([ids[0], ids[2], ids[1]])
  })

  test('with ids of whole seconds are all kept, and have the same ids if the file has lost its oldest events', () => {
    const event = {
      id: 'traj_1767225600',
      state: 's',
      action: 'a',
      outcome: 'completed',
      reward: 0.8,
      timestamp: 1_767_225_600,
    }
    const other = { ...event, action: 'b' }
    const idsOf = (...events: unknown[]) =>
      taken(readRuvectorTrajectories(lines(...events))).experiences.map(({ id }) => id)
    const ids = idsOf(event, event, other)
    expect(new Set(ids).size).toBe(3)
    expect(idsOf(event, other)).toEqual([ids[0], ids[2]])
    expect(idsOf(other)).toEqual([ids[2]])
    // The same event with its id as a number.
    expect(idsOf({ ...event, id: 1_767_225_600 })).toEqual([ids[0]])
  })

  const file = dataFile('ruvector-trajectories.jsonl')
  test.skipIf(!file)('of a real project are read completely (skipped without it in LEARNING_STORE_DATA)', () => {
    const read = taken(readRuvectorTrajectories(file ?? new Uint8Array()))
    expect(read.experiences).toHaveLength(1235)
    expect(read.skipped).toMatchObject([{ what: 'trajectories: abGroup', count: 259 }])
    expect(read.progress.map(({ done }) => done)).toEqual([0, 1000])
    expect(read.experiences[0]).toMatchObject({
      id: 'pretrain-cmd-7696',
      timestamp: expect.stringMatching(/^2025-11-20 20:03:21\.\d{3}$/),
      reward: 1,
    })
  })
})
