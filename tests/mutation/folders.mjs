/** What is mutated, and the tests that are near enough to notice: with all tests a mutant would take minutes. */
export const FOLDERS = {
  algorithms: { mutate: ['src/algorithms/**/*.ts'], tests: ['tests/algorithms/**/*.test.ts'] },
  sql: {
    mutate: ['src/sql/**/*.ts', '!src/sql/**/*.d.ts'],
    tests: ['tests/sql/**/*.test.ts', 'tests/open-in-wal-mode.test.ts', 'tests/open-earlier-stores.test.ts'],
  },
  log: {
    mutate: ['src/persistence/log/**/*.ts'],
    tests: ['tests/persistence/log/**/*.test.ts'],
  },
  merging: {
    mutate: [
      'src/learning/maintenance/merge*.ts',
      'src/learning/maintenance/copies.ts',
      'src/learning/maintenance/canonical-order.ts',
    ],
    tests: [
      'tests/learning/maintenance/**/*.test.ts',
      'tests/learning/decisions/merge.test.ts',
      'tests/learning/experiences/learning-sums.test.ts',
    ],
  },
  pruning: {
    mutate: [
      'src/learning/maintenance/pruning.ts',
      'src/learning/maintenance/least-useful.ts',
      'src/tables/pruning.ts',
      'src/learning/core/replay.ts',
    ],
    tests: [
      'tests/learning/maintenance/pruning.test.ts',
      'tests/learning/core/replay.test.ts',
      'tests/learning/linear/exact-sums.test.ts',
      'tests/learning/decisions/expiry.test.ts',
    ],
  },
}
