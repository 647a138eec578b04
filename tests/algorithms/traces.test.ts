import { expect, test } from 'vitest'
import { replacingTraces, traceLength } from '../../src/algorithms/traces.ts'

const tracesOf = (steps: readonly string[], decay: number): unknown => replacingTraces(steps, (step) => step, decay)

test('traces decay with each step back, and the latest visit of a pair replaces its trace', () => {
  expect(tracesOf(['a', 'b', 'a', 'c'], 0.5)).toEqual([
    ['c', 1],
    ['a', 0.5],
    ['b', 0.25],
  ])
  expect(tracesOf(['a', 'b'], 1)).toEqual([
    ['b', 1],
    ['a', 1],
  ])
  expect(tracesOf(['a', 'b'], 0)).toEqual([['b', 1]])
  expect(tracesOf([], 0.5)).toEqual([])
})

test('the step before the last has a trace of 1 times the decay, and traces below a millionth are 0', () => {
  // .5^19 is the last power of .5 above a millionth.
  expect(traceLength(0.5)).toBe(19)
  expect(
    replacingTraces(
      Array.from({ length: 40 }, (_, i) => i),
      String,
      0.5,
    ).length,
  ).toBe(20)
  expect([traceLength(0), traceLength(1e-9), traceLength(1)]).toEqual([0, 0, 1_000])
  expect(traceLength(0.9999)).toBe(1_000)
})
