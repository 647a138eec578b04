import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fromMilliseconds,
  fromSeconds,
  fromSqlTime,
  sqlTime,
  sqlTimeBound,
  toSqlTime,
} from '../../src/tables/sql-time.ts'
import { isoTime, UNKNOWN_TIME } from '../../src/times.ts'
import { clockedStore } from '../learning/clocked-store.ts'

const ms = fc.integer({ min: 0, max: 4_000_000_000_000 })

describe('a DATETIME column', () => {
  test('has UTC text with milliseconds, which is the same time as in the API', () => {
    expect(sqlTime(1_769_860_800_007)).toBe('2026-01-31 12:00:00.007')
    fc.assert(
      fc.property(ms, (at) => {
        expect(toSqlTime(isoTime(at))).toBe(sqlTime(at))
        expect(fromSqlTime(sqlTime(at))).toBe(isoTime(at))
      }),
    )
  })

  test.each([
    ['2026-01-31 12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    [1_769_860_800, '2026-01-31T12:00:00.000Z'],
    [1_769_860_800_000, '2026-01-31T12:00:00.000Z'],
    ['9999-99-99 12:00:00', UNKNOWN_TIME],
    ['soon', UNKNOWN_TIME],
    [null, UNKNOWN_TIME],
    [new Uint8Array(3), UNKNOWN_TIME],
  ])('with %j is %s', (column, time) => {
    expect(fromSqlTime(column)).toBe(time)
  })

  test('sorts rows with and without milliseconds by time', () => {
    const { connection, store } = clockedStore()
    const times = ['2026-01-01 00:00:00', '2026-01-01 00:00:00.500', '2026-01-01 00:00:01', '2026-01-01 00:00:01.001']
    for (const [i, time] of [...times.entries()].reverse()) {
      connection.run(
        'INSERT INTO fleets (id, name, config, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
        [`f${i}`, 'f', '{}', 'active', time, time],
      )
    }
    expect(store.fleet.fleets.list().map(({ createdAt }) => createdAt)).toEqual([
      '2026-01-01T00:00:01.001Z',
      '2026-01-01T00:00:01.000Z',
      '2026-01-01T00:00:00.500Z',
      '2026-01-01T00:00:00.000Z',
    ])
  })

  test('is compared with a bound by time, whichever form the row has', () => {
    const second = fc.integer({ min: 0, max: 3 }).map((s) => 1_769_860_800_000 + s * 1000)
    const moment = fc.tuple(second, fc.constantFrom(0, 1, 500, 999)).map(([s, rest]) => s + rest)
    fc.assert(
      fc.property(moment, moment, (row, bound) => {
        const forms = [sqlTime(row), ...(row % 1000 === 0 ? [sqlTime(row).slice(0, 19)] : [])]
        for (const form of forms) {
          expect(form < sqlTimeBound(bound)).toBe(row < bound)
          expect(form > sqlTime(bound)).toBe(row > bound)
        }
      }),
    )
  })
})

test('columns of numbers hold seconds or milliseconds since the epoch', () => {
  expect(fromSeconds(1_769_860_800.25)).toBe('2026-01-31T12:00:00.250Z')
  expect(fromMilliseconds(1_769_860_800_250)).toBe('2026-01-31T12:00:00.250Z')
  // What other programs may have stored instead.
  expect([fromSeconds('2026-01-31 12:00:00'), fromMilliseconds(null)]).toEqual([
    '2026-01-31T12:00:00.000Z',
    UNKNOWN_TIME,
  ])
  expect(fromMilliseconds(Number.MAX_SAFE_INTEGER)).toBe('9999-12-31T23:59:59.999Z')
})

test('an entry of an earlier version lives until its second, and a row of exactly the given age is not pruned', () => {
  const { connection, store, clock } = clockedStore()
  connection.run(
    'INSERT INTO memory_store (key, value, namespace, ttl, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
    ['k', '1', 'default', 10, '2026-01-01 00:00:00', '2026-01-01 00:00:10'],
  )
  clock.now = Date.UTC(2026, 0, 1, 0, 0, 9, 999)
  expect(store.memory.crossSession.get('k')).toEqual({
    key: 'k',
    namespace: 'default',
    value: 1,
    ttlMs: 10_000,
    metadata: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:00:10.000Z',
  })
  clock.now += 1
  expect(store.memory.crossSession.get('k')).toBeUndefined()
  expect(store.memory.prune().crossSession).toBe(1)

  const sql = `INSERT INTO learning_history (agent_id, state_representation, action, reward, timestamp) VALUES (?, ?, ?, ?, ?)`
  for (const time of ['2026-01-01 00:00:00', '2026-01-01 00:00:00.000', '2025-12-31 23:59:59.999']) {
    connection.run(sql, ['a', 's', 'x', 1, time])
  }
  const steps = store.prune({ learningHistory: { maxAgeMs: 10_000 } })
  for (let step = steps.next(); ; step = steps.next()) {
    if (!step.done) continue
    expect(step.value).toEqual({ experiences: 0, decisions: 0, learningHistory: 1, learningMetrics: 0 })
    break
  }
})
