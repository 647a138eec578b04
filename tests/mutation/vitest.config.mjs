import { defineConfig } from 'vitest/config'
import { writeSqlite } from '../../scripts/sqlite.mjs'
import { FOLDERS } from './folders.mjs'

const root = process.cwd()
writeSqlite(root)

/** The near tests of one folder. The project's own configuration has browsers, which Stryker's runner cannot instrument. */
export default defineConfig({
  root,
  test: { include: FOLDERS[process.env.LEARNING_STORE_MUTATION].tests, testTimeout: 60_000, hookTimeout: 60_000 },
})
