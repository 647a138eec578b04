import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { list } from './samples.ts'

/** `f_type` of statfs(2). */
const FILE_SYSTEMS: { readonly [type: number]: string } = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
  16914836: 'tmpfs, which is memory: strict figures mean nothing here',
}

/** The folder that the files lie in, with its file system. */
export async function describeFiles(): Promise<string> {
  const { type } = await statfs(tmpdir())
  return `${tmpdir()} (${FILE_SYSTEMS[type] ?? `file system 0x${type.toString(16)}`})`
}

/** What writing and syncing 512 bytes takes there, in ms: the floor of a strict commit. */
export function syncTimes(): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-bench-'))
  const file = openSync(join(folder, 'file'), 'w')
  const bytes = new Uint8Array(512)
  const times = list(100, () => {
    const start = performance.now()
    writeSync(file, bytes)
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return times
}
