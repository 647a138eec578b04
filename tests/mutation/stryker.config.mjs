import { FOLDERS } from './folders.mjs'

const folder = process.env.LEARNING_STORE_MUTATION

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tests/mutation/vitest.config.mjs', related: false },
  mutate: FOLDERS[folder].mutate,
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Constants of modules would run every test once for each mutant; the tests of their users notice most of them.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `reports/mutation/${folder}.incremental.json`,
  jsonReporter: { fileName: `reports/mutation/${folder}.json` },
  reporters: ['json', 'progress-append-only'],
  // Stryker would read it with the compiler's interface, which TypeScript 7 does not have yet.
  tsconfigFile: 'none',
  ignorePatterns: ['/dist*', '/docs', '/demo', '/bench', '/examples', '/reports', '/.git'],
  tempDirName: '.stryker-tmp',
  // The threshold counts equivalent mutants too, so scripts/mutation.mjs compares the score itself.
  thresholds: { break: null },
}
