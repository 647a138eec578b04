/** Writes sql.js as this package has it below a folder with `src` and `worker`. */
export function writeSqlite(root: string): void
