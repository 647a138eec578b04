import { describe, expect, test } from 'vitest'
import { pairedFiles } from '../../src/inspector/dropped-files.ts'

/** The pairs, by name. */
function pairsOf(...names: readonly string[]): string[] {
  const files = names.map((name) => new File(name.includes('empty') ? [] : ['content'], name))
  return pairedFiles(files).map(({ file, log }) => (log ? `${file.name} with ${log.name}` : file.name))
}

describe('dropped files', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [
      ['rows.csv', 'more.jsonl'],
      ['rows.csv', 'more.jsonl'],
    ],
    [['memory.db-wal', 'memory.db'], ['memory.db with memory.db-wal']],
    [
      ['memory.db', 'memory.db-shm', 'memory.db-wal', 'rows.csv'],
      ['memory.db with memory.db-wal', 'rows.csv'],
    ],
    // Of another database, or without one: the import says so.
    [
      ['memory.db', 'other.db-wal'],
      ['memory.db', 'other.db-wal'],
    ],
    [
      ['memory.db', 'memory.db-journal'],
      ['memory.db', 'memory.db-journal'],
    ],
    [['empty.db', 'empty.db-journal'], ['empty.db']],
    [['-wal'], ['-wal']],
  ])('%j are imported as %j', (names, expected) => {
    expect(pairsOf(...names)).toEqual(expected)
  })
})
