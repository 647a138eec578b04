import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columns } from '../../src/cli/columns.ts'

const bare = { flexible: [], maxWidth: Number.POSITIVE_INFINITY, headStyle: (text: string): string => text }

describe('columns', () => {
  test('stand under their headings, numbers aligned to the right, missing values as a dash', () => {
    const rows = [
      ['first', 1, null],
      ['a', 12.5, 'end'],
    ]
    expect(columns(['name', 'n', 'last'], rows, bare)).toBe('name      n  last\nfirst     1  -\na      12.5  end')
  })

  test('escape line ends and control characters', () => {
    expect(columns(['a'], [['x\ny\u001b[2Jz\u0085']], bare)).toBe('a\nx\\ny\\u001b[2Jz\\u0085')
  })

  test('count wide characters as two columns', () => {
    expect(columns(['a', 'b'], [['状態', 1], ['xyz', 2]], bare)).toBe('a     b\n状態  1\nxyz   2') // biome-ignore format: rows
  })

  test('that are flexible are cut to the width; numbers never are', () => {
    const rows = [['an-id-that-is-long', 'x'.repeat(50), 'y'.repeat(9), 123_456_789]]
    const options = { ...bare, flexible: ['state', 'action', 'reward'], maxWidth: 60 }
    const [, line = ''] = columns(['id', 'state', 'action', 'reward'], rows, options).split('\n')
    expect(line).toBe(`an-id-that-is-long  ${'x'.repeat(17)}…  ${'y'.repeat(9)}  123456789`)
    expect(line).toHaveLength(60)
  })

  test('become blocks where no cut makes the line fit', () => {
    const rows = [
      ['qe-test-generator-001', 'x'.repeat(50), 12, null],
      ['状態', 'short', 3.5, 'end'],
    ]
    const options = { ...bare, flexible: ['strategy'], maxWidth: 30 }
    expect(columns(['agent', 'strategy', 'uses', 'last'], rows, options).split('\n')).toEqual([
      'agent     qe-test-generator-0…',
      `strategy  ${'x'.repeat(19)}…`,
      'uses      12',
      'last      -',
      '',
      'agent     状態',
      'strategy  short',
      'uses      3.5',
      'last      end',
    ])
    expect(columns(['agent', 'a long name of a column', 'uses'], [], options)).toBe(
      'agent\na long name of a column\nuses',
    )
  })

  test('hold every cell whole if it fits, for any number of rows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.integer()), { minLength: 1 }), (rows) => {
        const lines = columns(['word', 'n'], rows, bare).split('\n').slice(1)
        expect(lines.map((line) => line.split(/ +/))).toEqual(rows.map(([word, n]) => [word, String(n)]))
        expect(new Set(lines.map(({ length }) => length)).size).toBe(1)
      }),
    )
    const many = Array.from({ length: 20_000 }, (_, i) => [i, 'x'.repeat(i === 7 ? 1e6 : 9), 'end'])
    expect(columns(['i', 'text', 'last'], many, bare).length).toBeLessThan(20_000 * 220 + 1e6)
  })
})
