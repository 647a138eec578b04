/** A file to import, with the write-ahead log that was dropped or chosen together with it. */
export interface DroppedFile {
  readonly file: File
  /** Its `-wal` file. */
  readonly log: File | undefined
}

/** Pairs SQLite files with their write-ahead logs, by name. The index of a log and an empty journal are not needed. */
export function pairedFiles(files: Iterable<File>): readonly DroppedFile[] {
  const byName = new Map([...files].map((file) => [file.name, file]))
  return [...byName.values()].flatMap((file) => {
    const [, database = '', kind] = /^(.+)-(wal|shm|journal)$/.exec(file.name) ?? []
    const isCompanion = byName.has(database) && (kind !== 'journal' || file.size === 0)
    return isCompanion ? [] : [{ file, log: byName.get(`${file.name}-wal`) }]
  })
}
